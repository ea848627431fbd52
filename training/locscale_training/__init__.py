"""Makes the networks that LocScale ships: simulation of maps, training, calibration, export."""
