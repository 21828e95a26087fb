"""The doors of this room, by what they change: ``speakers``, ``commissions``, ``invoices``."""
