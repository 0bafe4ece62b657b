"""What a search looks through, and its index: FTS5 or a tsvector, both over words already reduced to their stems

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

_KEYS = (('dossier_id', 'dossier'), ('message_id', 'message'), ('membre_id', 'membre'), ('structure_id', 'structure'),
         ('inbound_id', 'inbound_message'))
#: An external-content table: the words lie once, in search_entry (sqlite.org/fts5.html, 4.4.3).
_SQLITE = (
    "CREATE VIRTUAL TABLE search_words USING fts5(stems, content='search_entry', content_rowid='id', tokenize='ascii', "
    "detail='none')",
    "CREATE TRIGGER search_entry_in AFTER INSERT ON search_entry BEGIN "
    "INSERT INTO search_words(rowid, stems) VALUES (new.id, new.stems); END",
    "CREATE TRIGGER search_entry_out AFTER DELETE ON search_entry BEGIN "
    "INSERT INTO search_words(search_words, rowid, stems) VALUES ('delete', old.id, old.stems); END",
)


def upgrade() -> None:
    op.create_table('search_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=20), nullable=False),
    *[sa.Column(name, sa.Integer(), nullable=True) for name, _table in _KEYS],
    sa.Column('stems', sa.Text(), nullable=False),
    *[sa.ForeignKeyConstraint([name], [f'{table}.id'], name=op.f(f'fk_search_entry_{name}'), ondelete='CASCADE')
      for name, table in _KEYS],
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_entry'))
    )
    for name, _table in _KEYS:
        op.create_index(op.f(f'ix_search_entry_{name}'), 'search_entry', [name], unique=False)
    if op.get_bind().dialect.name == 'sqlite':
        for statement in _SQLITE:
            op.execute(statement)
    else:
        op.execute("CREATE INDEX ix_search_entry_stems ON search_entry USING gin (to_tsvector('simple', stems))")


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TABLE search_words')
    op.drop_table('search_entry')
