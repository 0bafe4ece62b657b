"""Mail in and out: carriers, deliveries, addresses, absences."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('carrier_state',
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('last_success_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('last_error_at', models.base.UTCDateTime(), nullable=True),
    sa.Column('last_error', sa.String(length=500), nullable=False),
    sa.Column('position', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_carrier_state'))
    )
    op.create_table('coordinator_absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.Column('said_at', models.base.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coordinator_absence'))
    )
    with op.batch_alter_table('coordinator_absence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coordinator_absence_email'), ['email'], unique=False)

    op.create_table('mail_opt_out',
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('topic', sa.String(length=40), nullable=False),
    sa.Column('at', models.base.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('email', 'topic', name=op.f('pk_mail_opt_out'))
    )
    op.create_table('second_address',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('other', sa.String(length=254), nullable=False),
    sa.Column('asked_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('confirmed_at', models.base.UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_address')),
    sa.UniqueConstraint('email', 'other', name=op.f('uq_second_address_email'))
    )
    with op.batch_alter_table('second_address', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_second_address_other'), ['other'], unique=False)

    op.create_table('stopped_address',
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('stopped_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('because', sa.String(length=20), nullable=False),
    sa.Column('said', sa.String(length=500), nullable=False),
    sa.PrimaryKeyConstraint('email', name=op.f('pk_stopped_address'))
    )
    op.create_table('delivery_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('outbox_message_id', sa.Integer(), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('at', models.base.UTCDateTime(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('said', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['outbox_message_id'], ['outbox_message.id'], name=op.f('fk_delivery_event_outbox_message_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_event'))
    )
    with op.batch_alter_table('delivery_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivery_event_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_delivery_event_outbox_message_id'), ['outbox_message_id'], unique=False)

    op.create_table('digest_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('created_at', models.base.UTCDateTime(), nullable=False),
    sa.Column('sentence', sa.String(length=500), nullable=False),
    sa.Column('dossier_id', sa.Integer(), nullable=True),
    sa.Column('inbound_id', sa.Integer(), nullable=True),
    sa.Column('sent_at', models.base.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_digest_item_dossier_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['inbound_id'], ['inbound_message.id'], name=op.f('fk_digest_item_inbound_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digest_item'))
    )
    with op.batch_alter_table('digest_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_digest_item_email'), ['email'], unique=False)

    with op.batch_alter_table('access_link', schema=None) as batch_op:
        batch_op.add_column(sa.Column('about', sa.String(length=254), nullable=False, server_default=''))

    with op.batch_alter_table('dossier', schema=None) as batch_op:
        batch_op.add_column(sa.Column('assigned_to', sa.String(length=254), nullable=False, server_default=''))

    with op.batch_alter_table('inbound_message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lease_until', models.base.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('handled_by', sa.String(length=254), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('handled_at', models.base.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('dossier_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_inbound_message_dossier_id'), ['dossier_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_inbound_message_dossier_id'), 'dossier', ['dossier_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.add_column(sa.Column('muted_at', models.base.UTCDateTime(), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.drop_column('muted_at')

    with op.batch_alter_table('inbound_message', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_inbound_message_dossier_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_inbound_message_dossier_id'))
        batch_op.drop_column('dossier_id')
        batch_op.drop_column('handled_at')
        batch_op.drop_column('handled_by')
        batch_op.drop_column('lease_until')

    with op.batch_alter_table('dossier', schema=None) as batch_op:
        batch_op.drop_column('assigned_to')

    with op.batch_alter_table('access_link', schema=None) as batch_op:
        batch_op.drop_column('about')

    with op.batch_alter_table('digest_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_digest_item_email'))

    op.drop_table('digest_item')
    with op.batch_alter_table('delivery_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_delivery_event_outbox_message_id'))
        batch_op.drop_index(batch_op.f('ix_delivery_event_email'))

    op.drop_table('delivery_event')
    op.drop_table('stopped_address')
    with op.batch_alter_table('second_address', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_second_address_other'))

    op.drop_table('second_address')
    op.drop_table('mail_opt_out')
    with op.batch_alter_table('coordinator_absence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_coordinator_absence_email'))

    op.drop_table('coordinator_absence')
    op.drop_table('carrier_state')
