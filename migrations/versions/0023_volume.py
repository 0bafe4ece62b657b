"""What keeps pages quick in a large network: a mark in the entries of members, and indexes on what lists are asked by

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

_SHELF = ("CASE WHEN state = 'unconfirmed' THEN '' WHEN awaits_coordination OR state IN ('change_asked', 'declined', "
          "'employer_agreed', 'expired', 'host_agreed', 'in_review', 'not_held', 'submitted') THEN 'to_do' "
          "WHEN state IN ('accepted', 'closed', 'outside', 'refused', 'resolved', 'withdrawn') THEN 'ended' ELSE 'under_way' END")
#: name -> (table, what it is made on)
_INDEXES = {
    'ix_dossier_shelf': ('dossier', [_SHELF, 'moved_at', 'id', 'promised_on', 'assigned_to', 'kind', 'commune']),
    'ix_dossier_confirmed': ('dossier', ['confirmed_at', 'kind', 'state', 'promised_on']),
    'ix_dossier_host_id': ('dossier', ['host_id']),
    'ix_dossier_follows_id': ('dossier', ['follows_id']),
    'ix_inbound_message_handled': ('inbound_message', ['handled_at']),
    'ix_journal_entry_counted': ('journal_entry', ['kind', 'at', 'dossier_id']),
    'ix_membre_adhesion_id': ('membre', ['adhesion_id']),
    'ix_membre_name': ('membre', ['family_name', 'given_name', 'id', 'left_at', 'kind', 'commune']),
    'ix_membre_structure_id': ('membre', ['structure_id']),
    'ix_participant_email_lower': ('participant', ['lower(email)']),
}
#: name -> of which rows alone
_ONLY = {
    'ix_dossier_confirmed': 'confirmed_at IS NOT NULL',
    'ix_inbound_message_handled': 'handled_at IS NOT NULL',
    'ix_journal_entry_counted': "kind IN ('accepted', 'answered', 'convention_issued', 'lived')",
}


def upgrade() -> None:
    for name, (table, columns) in _INDEXES.items():
        only = sa.text(_ONLY[name]) if name in _ONLY else None
        op.create_index(name, table, [sa.text(f'({column})') if '(' in column else column for column in columns],
                        sqlite_where=only, postgresql_where=only)
    # Every question about an address is asked in lower case.
    op.drop_index('ix_participant_email', table_name='participant')
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_index('ix_search_entry_stems', table_name='search_entry')
        op.execute("ALTER TABLE search_entry ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', stems)) STORED")
        op.execute('CREATE INDEX ix_search_entry_words ON search_entry USING gin (words)')
    # Made again at the end of the upgrade, with their mark (services/indexing.py::fill).
    op.execute("DELETE FROM search_entry WHERE subject = 'member'")


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE search_entry DROP COLUMN words')
        op.execute("CREATE INDEX ix_search_entry_stems ON search_entry USING gin (to_tsvector('simple', stems))")
    op.create_index('ix_participant_email', 'participant', ['email'])
    for name, (table, _columns) in _INDEXES.items():
        op.drop_index(name, table_name=table)
