"""The pages of an application, one module per noun."""
