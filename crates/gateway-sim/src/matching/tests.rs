//! Tests of matching live with the scenarios.
