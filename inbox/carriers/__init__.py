"""What brings mail in: a mailbox read over IMAP, a mail server's LMTP, SMTP or pipe, a Maildir folder.

Each stores the raw bytes and commits before it tells its source "taken" (``services/inbound/storing.py``): whatever is
interrupted is done again, and what comes twice is known.
"""
