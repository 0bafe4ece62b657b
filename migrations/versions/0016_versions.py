"""Why a version was taken back, and what was corrected in it without signing again

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite's makes the table anew, and the signatures that go with a version would go with the old one.
    op.add_column('convention', sa.Column('because', sa.Text(), nullable=False, server_default=''))
    op.add_column('convention', sa.Column('corrections', sa.JSON(), nullable=False, server_default='[]'))


def downgrade() -> None:
    op.drop_column('convention', 'corrections')
    op.drop_column('convention', 'because')
