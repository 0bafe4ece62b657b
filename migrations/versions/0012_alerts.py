"""Alerts, sealed

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('alerte',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('author_key', sa.LargeBinary(), nullable=False),
    sa.Column('locator', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.Column('moved_on', sa.Date(), nullable=False),
    sa.Column('waits_since_at', sa.DateTime(), nullable=True),
    sa.Column('recalled_on', sa.Date(), nullable=True),
    sa.Column('recalls', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerte')),
    sa.UniqueConstraint('locator', name=op.f('uq_alerte_locator'))
    )
    op.create_table('alerte_count',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('received', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_alerte_count'))
    )
    op.create_table('alerte_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('locked_key', sa.LargeBinary(), nullable=False),
    sa.Column('salt', sa.LargeBinary(), nullable=False),
    sa.Column('passes', sa.Integer(), nullable=False),
    sa.Column('memory', sa.Integer(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerte_key')),
    sa.UniqueConstraint('email', name=op.f('uq_alerte_key_email'))
    )
    op.create_table('alerte_notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('locked', sa.LargeBinary(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('given_up_at', sa.DateTime(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('captured', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerte_notice'))
    )
    op.create_index(op.f('ix_alerte_notice_due_at'), 'alerte_notice', ['due_at'], unique=False)
    op.create_table('alerte_synthese',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=150), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('written_on', sa.Date(), nullable=False),
    sa.Column('written_by', sa.String(length=150), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerte_synthese'))
    )
    op.create_table('alerte_access',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alerte_id', sa.Integer(), nullable=False),
    sa.Column('key_id', sa.Integer(), nullable=False),
    sa.Column('sealed_key', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['alerte_id'], ['alerte.id'], name=op.f('fk_alerte_access_alerte_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['key_id'], ['alerte_key.id'], name=op.f('fk_alerte_access_key_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerte_access')),
    sa.UniqueConstraint('alerte_id', 'key_id', name=op.f('uq_alerte_access_alerte_id'))
    )
    op.create_index(op.f('ix_alerte_access_key_id'), 'alerte_access', ['key_id'], unique=False)
    op.create_table('alerte_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alerte_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('written_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['alerte_id'], ['alerte.id'], name=op.f('fk_alerte_message_alerte_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerte_message'))
    )
    op.create_index(op.f('ix_alerte_message_alerte_id'), 'alerte_message', ['alerte_id'], unique=False)
    op.create_table('alerte_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('key_id', sa.Integer(), nullable=False),
    sa.Column('locked_key', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['key_id'], ['alerte_key.id'], name=op.f('fk_alerte_session_key_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerte_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_alerte_session_token_hash'))
    )
    op.create_table('alerte_reading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alerte_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['alerte_id'], ['alerte.id'], name=op.f('fk_alerte_reading_alerte_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['alerte_session.id'], name=op.f('fk_alerte_reading_session_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerte_reading'))
    )
    op.create_index(op.f('ix_alerte_reading_alerte_id'), 'alerte_reading', ['alerte_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_alerte_reading_alerte_id'), table_name='alerte_reading')
    op.drop_table('alerte_reading')
    op.drop_table('alerte_session')
    op.drop_index(op.f('ix_alerte_message_alerte_id'), table_name='alerte_message')
    op.drop_table('alerte_message')
    op.drop_index(op.f('ix_alerte_access_key_id'), table_name='alerte_access')
    op.drop_table('alerte_access')
    op.drop_table('alerte_synthese')
    op.drop_index(op.f('ix_alerte_notice_due_at'), table_name='alerte_notice')
    op.drop_table('alerte_notice')
    op.drop_table('alerte_key')
    op.drop_table('alerte_count')
    op.drop_table('alerte')
