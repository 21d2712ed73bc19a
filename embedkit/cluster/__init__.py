"""Work on several machines, or several processes of this one."""
