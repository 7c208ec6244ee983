//! The evaluator of formulas over figures: exact fractions, nothing rounded.

use super::truth::{and, any, or};
use super::{Binary, Call, Expr, Unary};
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, Zero};
use vocabulary::{Exact, Value};

/// The value of a formula. `names` answers an operand by its name, in its figure's shown unit, and a parameter
/// as `param.NAME`, in stored units (the checker has put the division to the shown unit into the tree).
///
/// Unknown goes through every operator but the logical ones, `is null`, `case`, `coalesce`, `least` and
/// `greatest`; division by zero is unknown, as is a fraction too large to be kept. A condition is 1 or 0.
pub fn eval_exact(expr: &Expr, names: &dyn Fn(&str) -> Option<Exact>) -> Option<Exact> {
    let value = |expr: &Expr| eval_exact(expr, names);
    match expr {
        Expr::Literal(Value::Int(int)) => Some(Exact::from_integer(i128::from(*int))),
        Expr::Literal(_) => None,
        Expr::Name(path) => names(&path.join(".")),
        Expr::Parameter(name) => names(&format!("param.{name}")),
        // Formulas know no record; the checker refuses these names there.
        Expr::At
        | Expr::ValidFrom
        | Expr::Division
        | Expr::Record
        | Expr::Others(_)
        | Expr::Like(..) => None,
        Expr::Unary(Unary::Minus, inner) => value(inner).map(|number| -number),
        Expr::Unary(Unary::Not, inner) => truth(value(inner)).map(|truth| one(!truth)),
        Expr::Binary(op, left, right) => binary(*op, value(left), value(right)),
        Expr::IsNull(inner, wanted) => Some(one(value(inner).is_none() == *wanted)),
        Expr::In(inner, list, negated) => {
            let number = value(inner);
            let equal = |item| both(number, value(item)).map(|(l, r)| l == r);
            let found = any(list.iter().map(equal));
            found.map(|found| one(found != *negated))
        }
        Expr::Between(inner, low, high, negated) => {
            let number = value(inner);
            let above = both(number, value(low)).map(|(n, low)| n >= low);
            let below = both(number, value(high)).map(|(n, high)| n <= high);
            and(above, below).map(|inside| one(inside != *negated))
        }
        Expr::Case(branches, otherwise) => {
            match branches
                .iter()
                .find(|(condition, _)| truth(value(condition)) == Some(true))
            {
                Some((_, then)) => value(then),
                None => otherwise.as_ref().and_then(|otherwise| value(otherwise)),
            }
        }
        Expr::Call(call, arguments) => {
            let mut known = arguments.iter().filter_map(value);
            match call {
                Call::Coalesce => known.next(),
                Call::Least => known.min(),
                Call::Greatest => known.max(),
                _ => None,
            }
        }
    }
}

fn binary(op: Binary, left: Option<Exact>, right: Option<Exact>) -> Option<Exact> {
    match op {
        Binary::And => return and(truth(left), truth(right)).map(one),
        Binary::Or => return or(truth(left), truth(right)).map(one),
        _ => {}
    }
    let (left, right) = both(left, right)?;
    match op {
        Binary::Eq => Some(one(left == right)),
        Binary::NotEq => Some(one(left != right)),
        Binary::Less => Some(one(left < right)),
        Binary::LessEq => Some(one(left <= right)),
        Binary::Greater => Some(one(left > right)),
        Binary::GreaterEq => Some(one(left >= right)),
        Binary::Plus => left.checked_add(&right),
        Binary::Minus => left.checked_sub(&right),
        Binary::Times => left.checked_mul(&right),
        Binary::Over if right.is_zero() => None,
        Binary::Over => left.checked_div(&right),
        Binary::And | Binary::Or | Binary::Join => None,
    }
}

fn both(left: Option<Exact>, right: Option<Exact>) -> Option<(Exact, Exact)> {
    left.zip(right)
}

fn truth(number: Option<Exact>) -> Option<bool> {
    number.map(|number| !number.is_zero())
}

fn one(yes: bool) -> Exact {
    Exact::from_integer(yes.into())
}
