"""Everything that can go wrong with a site, in every situation, over real sockets."""
