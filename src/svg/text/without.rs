//! Text in a build without the feature `text`: it is reported.

use super::super::units::Units;
use super::super::walk::Walk;
use super::NEXT_STEP;
use crate::diag::Severity;
use roxmltree::Node;

/// Properties of text, which nobody reads here.
#[derive(Clone, Debug, Default)]
pub(in crate::svg) struct Inherited(());

impl Inherited {
    pub(in crate::svg) fn child(&self, _: &[(&str, &str)], _: &Units) -> Self {
        Self(())
    }
}

impl<'a, 'input> Walk<'a, 'input, '_> {
    pub(in crate::svg) fn draw_text(
        &mut self,
        node: Node<'a, 'input>,
        _: &super::super::walk::Context,
    ) {
        self.tree.say(
            &mut self.found,
            node,
            "svg/text",
            Severity::Warning,
            "is text and was left out: this build has no feature `text`",
            NEXT_STEP,
        );
    }
}
