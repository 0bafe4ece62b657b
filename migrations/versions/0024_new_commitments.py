"""A new version of the commitments asks again

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('charter_round',
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.String(length=254), nullable=False),
    sa.Column('asked_at', models.base.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('version', name=op.f('pk_charter_round'))
    )
    op.create_table('charter_agreement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('membre_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('asked_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('reminded_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.Column('agreed_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('way', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['membre_id'], ['membre.id'], name=op.f('fk_charter_agreement_membre_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_charter_agreement')),
    sa.UniqueConstraint('membre_id', 'version', name=op.f('uq_charter_agreement_membre_id'))
    )
    with op.batch_alter_table('charter_agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_charter_agreement_version'), ['version'], unique=False)


def downgrade() -> None:
    op.drop_table('charter_agreement')
    op.drop_table('charter_round')
