"""Pages that compose many rooms and own no table."""
