//! Native tests: attack and fault first. `chain` is the world they run in.

mod chain;
mod choice;
mod deadlines;
mod lots;
mod money;
mod permissions;
mod random_calls;
mod restarts;
mod transitions;
