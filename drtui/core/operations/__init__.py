"""Operations that change a site: preflight, plan, confirmation, and the outcome of what was sent. Pure."""
