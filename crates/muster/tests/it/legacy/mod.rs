//! Moving an older database over: databases of its shapes, where the truth of every row is known.

mod beside;
mod inspecting;
mod older;
mod running;
mod schema;
mod shapes;
