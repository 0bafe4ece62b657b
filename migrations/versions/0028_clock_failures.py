"""What the clock could not do, as long as it cannot

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('clock_failure',
    sa.Column('work', sa.String(length=120), nullable=False),
    sa.Column('about', sa.String(length=60), nullable=False),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.Column('since_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('work', 'about', name=op.f('pk_clock_failure'))
    )


def downgrade() -> None:
    op.drop_table('clock_failure')
