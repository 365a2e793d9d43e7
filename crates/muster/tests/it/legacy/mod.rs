//! Moving an older database over: databases of its shapes, where the truth of every row is known.

mod inspecting;
mod older;
