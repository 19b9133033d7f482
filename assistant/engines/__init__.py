"""The door to the warehouse: the Engine Protocol and its implementations."""
