//! What can be wrong with a value or an assignment.

/// Why a value has no meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Nothing that begins a value stands where one must.
    NoValue,
    /// A `[` without its `]`.
    UnbalancedBracket,
    /// Neither an operator nor `]` after a value in brackets.
    BadOperator,
    /// Letters that name no function.
    UnknownFunction,
    /// A function without `[`, or `atan[..]` without `/[..]`.
    NoArgument,
    /// `exists[..]` around anything but one parameter.
    NotAParameter,
    /// A name without its `>`.
    OpenName,
    /// A name of more than 255 bytes.
    NameTooLong,
    /// More than 256 values wait for others.
    TooDeep,
    /// A named parameter that was never set.
    UnknownParameter,
    /// The number of a parameter, a label or a count that is not near an integer.
    NotAnInteger,
    /// A number that no parameter has.
    NoSuchParameter,
    /// An argument for which a function or an operator has no result.
    Domain,
    /// A result that is not a finite number.
    NotFinite,
    /// An assignment to a parameter that can only be read.
    ReadOnly,
    /// An assignment without `=`.
    NoEqualSign,
    /// More than 65,536 named parameters at a time.
    TooManyNames,
}

/// A fault with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// What is wrong.
    pub(crate) kind: FaultKind,
    /// Where, in bytes from the start of the text that was read.
    pub(crate) at: u32,
}

impl Fault {
    /// A fault at byte `at`.
    pub(crate) const fn new(kind: FaultKind, at: usize) -> Self {
        // A line of 4 GiB has its later faults at its end.
        let at = if at > u32::MAX as usize {
            u32::MAX
        } else {
            at as u32
        };
        Fault { kind, at }
    }

    /// The same fault in a text that begins `bytes` earlier.
    pub(crate) const fn shifted(self, bytes: usize) -> Self {
        Fault::new(self.kind, self.at as usize + bytes)
    }
}
