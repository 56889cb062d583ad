"""What is known of compilers: how they are found and what settings they take."""
