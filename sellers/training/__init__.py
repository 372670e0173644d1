"""What women learn and can prove: programmes, cohorts, sessions, attendance, certificates."""
