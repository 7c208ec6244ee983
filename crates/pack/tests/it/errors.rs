//! One small bad pack for every code.
