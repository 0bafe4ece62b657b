"""Members and structures as the coordination keeps them: who may be there twice, and two records made one."""
