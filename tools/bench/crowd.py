"""Those for whom nothing is due: armed timers with everything that belongs to them.

Made inside the database, one statement a table; their sealed columns hold bytes of the usual
length that nobody will have to open.
"""

from django.db import connection, transaction

from alerts.clock import database_now
from tools.bench.people import Cast

MEETUPS_OF_AN_OWNER = 10
WRITTEN = """
SET LOCAL session_replication_role = replica;

INSERT INTO alerts_user (id, phone_index, data_key_id, sealed_profile, language, time_zone, country,
  pin_for_every_check_in, sos_gives_place, reminder_call, positions_kept_hours, pin_hash,
  duress_pin_hash, former_pin_hash, former_duress_pin_hash, pin_misses, is_active, created_at)
SELECT md5('user' || i)::uuid, sha256(('user' || i)::bytea), '{key}',
  decode(repeat('ab', 110), 'hex'), 'fr', 'Europe/Paris', 'FR', false, true, true, 24,
  repeat('h', 97), repeat('h', 97), '', '', 0,
  true, now()
FROM generate_series(0, {owners} - 1) AS i;

INSERT INTO alerts_contact (id, owner_id, data_key_id, sealed_profile, phone_index, state, language,
  country, circle, disclosure_level, shows_owner_phone, shows_name_to_others, invitation_version,
  proof_version, confirmed_at, created_at)
SELECT md5('contact' || i || '-' || j)::uuid, md5('user' || i)::uuid, '{key}',
  decode(repeat('ab', 130), 'hex'), sha256(('contact' || i || '-' || j)::bytea), 'confirmed', 'fr',
  'FR', 1, 1, false, false, 1, 1, now(), now()
FROM generate_series(0, {owners} - 1) AS i, generate_series(1, 2) AS j;

INSERT INTO alerts_meetup (id, owner_id, kind, data_key_id, sealed_details, state, starts_at,
  last_deadline_at, time_zone, country, grace_period, extended_without_pin, created_at)
SELECT md5('meetup' || i)::uuid, md5('user' || i % {owners})::uuid, 'planned', '{key}',
  decode(repeat('ab', 300), 'hex'), 'active', now(), now() + '40 days', 'Europe/Paris', 'FR',
  '10 minutes', '0', now()
FROM generate_series(0, {armed} - 1) AS i;

INSERT INTO alerts_meetupcontact (meetup_id, contact_id)
SELECT md5('meetup' || i)::uuid, md5('contact' || i % {owners} || '-' || j)::uuid
FROM generate_series(0, {armed} - 1) AS i, generate_series(1, 2) AS j;

INSERT INTO alerts_checkintimer (id, meetup_id, kind, state, due_at, alert_at, armed_at,
  next_action_at)
SELECT md5('timer' || i)::uuid, md5('meetup' || i)::uuid, 'end', 'armed', due, due + '10 minutes',
  now(), due
FROM (SELECT i, now() + '1 day' + random() * interval '30 days' AS due
      FROM generate_series(0, {armed} - 1) AS i) AS drawn;

INSERT INTO alerts_link (id, token_digest, purpose, subject_id, version, created_at)
SELECT gen_random_uuid(), sha256(('link' || i)::bytea), 'owner_timer', md5('timer' || i)::uuid, 1,
  now()
FROM generate_series(0, {armed} - 1) AS i;

INSERT INTO alerts_event (at, kind, user_id, meetup_id, data)
SELECT now(), 'meetup_planned', md5('user' || i % {owners})::uuid, md5('meetup' || i)::uuid, '{{}}'
FROM generate_series(0, {armed} - 1) AS i
"""


def arm(count: int) -> None:
    """Arm so many timers that are due in a day at the earliest."""
    cast = Cast()
    key = cast.key(now=database_now())
    cast.write()
    owners = max(1, count // MEETUPS_OF_AN_OWNER)
    script = WRITTEN.format(key=key.pk, owners=owners, armed=count)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL work_mem = '256MB'")
        for statement in script.split(";"):
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")
