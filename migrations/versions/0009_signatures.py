"""Who signs a version and what proves it, copies signed by hand; versions of amendments beside those of the convention

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # First: SQLite makes this table anew, and nothing refers to it yet.
    with op.batch_alter_table('convention', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=20), nullable=False, server_default='convention'))
        batch_op.add_column(sa.Column('number', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('amends_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('completed_at', models.base.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('verification_code', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('seal_state', sa.String(length=10), nullable=False, server_default=''))
        batch_op.drop_constraint(batch_op.f('uq_convention_immersion_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_convention_immersion_id'), ['immersion_id', 'kind', 'number', 'version'])
        batch_op.create_unique_constraint(batch_op.f('uq_convention_verification_code'), ['verification_code'])
        batch_op.create_foreign_key(batch_op.f('fk_convention_amends_id'), 'convention', ['amends_id'], ['id'], ondelete='SET NULL')
    with op.batch_alter_table('convention', schema=None) as batch_op:
        for name in ('kind', 'number', 'seal_state'):
            batch_op.alter_column(name, server_default=None)
    op.create_table('returned_copy',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('convention_id', sa.Integer(), nullable=False),
    sa.Column('deposited_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('deposited_by_id', sa.Integer(), nullable=True),
    sa.Column('via', sa.String(length=10), nullable=False),
    sa.Column('sources', sa.JSON(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('found', sa.JSON(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_try_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('decided_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('decided_by', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['convention_id'], ['convention.id'], name=op.f('fk_returned_copy_convention_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['deposited_by_id'], ['participant.id'], name=op.f('fk_returned_copy_deposited_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_returned_copy_file_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_returned_copy'))
    )
    with op.batch_alter_table('returned_copy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_returned_copy_convention_id'), ['convention_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_returned_copy_next_try_at'), ['next_try_at'], unique=False)

    op.create_table('signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('convention_id', sa.Integer(), nullable=False),
    sa.Column('party', sa.String(length=20), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('quality', sa.String(length=200), nullable=False),
    sa.Column('capacity', sa.String(length=200), nullable=False),
    sa.Column('structure', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('signed_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('shown_hash', sa.String(length=64), nullable=False),
    sa.Column('link', sa.String(length=40), nullable=False),
    sa.Column('link_sent_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('identified_by', sa.String(length=200), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('code_sent_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('code_until', models.base.UTCDateTime(), nullable=True),
    sa.Column('code_tries', sa.Integer(), nullable=False),
    sa.Column('copy_id', sa.Integer(), nullable=True),
    sa.Column('deposited_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('deposited_by', sa.String(length=200), nullable=False),
    sa.Column('accepted_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('accepted_by', sa.String(length=200), nullable=False),
    sa.Column('declined_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('voided_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('voided_because', sa.Text(), nullable=False),
    sa.Column('views', sa.Integer(), nullable=False),
    sa.Column('first_viewed_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('last_viewed_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('reminded_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['convention_id'], ['convention.id'], name=op.f('fk_signature_convention_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['copy_id'], ['returned_copy.id'], name=op.f('fk_signature_copy_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_signature_participant_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signature')),
    sa.UniqueConstraint('convention_id', 'party', 'position', name=op.f('uq_signature_convention_id'))
    )
    with op.batch_alter_table('signature', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signature_participant_id'), ['participant_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('signature', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signature_participant_id'))

    op.drop_table('signature')
    with op.batch_alter_table('returned_copy', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_returned_copy_next_try_at'))
        batch_op.drop_index(batch_op.f('ix_returned_copy_convention_id'))

    op.drop_table('returned_copy')
    op.execute("DELETE FROM convention WHERE number > 0")
    with op.batch_alter_table('convention', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_convention_amends_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_convention_verification_code'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_convention_immersion_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_convention_immersion_id'), ['immersion_id', 'version'])
        batch_op.drop_column('seal_state')
        batch_op.drop_column('verification_code')
        batch_op.drop_column('completed_at')
        batch_op.drop_column('amends_id')
        batch_op.drop_column('number')
        batch_op.drop_column('kind')
