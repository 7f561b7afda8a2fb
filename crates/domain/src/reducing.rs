//! What the trading state REDUCING lets through: orders that can only make a position smaller.
//!
//! Where positions stand long and short side by side, an order that closes can do nothing else: the venue takes no
//! more than is held. Where they net, an offset says nothing, and the volumes have to be looked at; so too where an
//! order has no offset, as with shares, which are sold out of what was bought.
//!
//! Always true: what passes cannot make any position larger in size, whatever works beside it, as long as `held` and
//! `working` are told with care.

use crate::{Direction, Offset, OrderRequest};

/// Whether an order is judged by the net position rather than by its offset. `nets` is the contract's own word, `None`
/// where the contract is not known.
pub fn judged_by_net(nets: Option<bool>, offset: Offset) -> bool {
    nets != Some(false) || offset == Offset::None
}

/// Whether an order can only reduce.
///
/// `held`: volume of the net position that this order's direction reduces; negative where it would add to it.
/// `working`: volume that orders of the same direction may still trade. Both count only where an order is
/// [`judged_by_net`].
pub fn only_reduces(request: &OrderRequest, nets: Option<bool>, held: f64, working: f64) -> bool {
    if !(request.volume > 0.0 && request.volume.is_finite()) || request.direction == Direction::Net {
        return false;
    }
    if !judged_by_net(nets, request.offset) {
        return request.offset.closes();
    }
    // Lots of a tenth and the like do not add up exactly.
    request.volume + working <= held * (1.0 + 1e-12)
}
