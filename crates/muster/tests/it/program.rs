//! The program itself: placeholder until its tests are written.
