//! One account: where its money came from and what binds it.

/// Money of one currency.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// Paid in.
    pub deposit: f64,
    /// Profit of closed positions and of daily settlements.
    pub realised: f64,
    /// Commissions paid.
    pub commission: f64,
    /// Bound by positions.
    pub margin: f64,
    /// Bound by orders.
    pub frozen: f64,
    /// Profit of open positions.
    pub floating: f64,
}

impl Account {
    pub(crate) fn new(deposit: f64) -> Account {
        Account { deposit, ..Account::default() }
    }

    /// Equity.
    pub fn balance(&self) -> f64 {
        self.deposit + self.realised - self.commission + self.floating
    }

    /// Free to use.
    pub fn available(&self) -> f64 {
        self.balance() - self.margin - self.frozen
    }

    /// Removes what rounding has left of sums that are zero.
    pub(crate) fn tidy(&mut self) {
        for sum in [&mut self.margin, &mut self.frozen, &mut self.floating] {
            if sum.abs() < 1e-6 {
                *sum = 0.0;
            }
        }
    }
}
