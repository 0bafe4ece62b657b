"""Each behaviour of the study on incoming mail (reference email.md 1.4) that is a must or a should, and the test of it.

Numbers are those of the study; a row nobody can test says why.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent
TESTS = FOLDER.parent

#: Row -> its tests, or why there is none.
ROWS: dict[int, tuple[str, ...] | str] = {
    1: ("test_the_signed_address_is_found_in_every_header_that_may_carry_it",),
    2: ("test_the_vacation_answer_that_goes_to_the_return_address_reaches_nobody",
        "test_a_report_is_known_by_the_return_address_whatever_it_says"),
    3: ("test_the_signed_address_is_found_in_every_header_that_may_carry_it",
        "test_the_signed_address_is_read_whatever_a_server_did_to_its_case",
        "test_addresses_are_read_in_every_header_that_may_carry_the_token"),
    4: ("test_without_address_the_letters_it_answers_say_where_a_reply_belongs",
        "test_only_the_last_five_references_are_looked_up",
        "test_the_reference_in_the_subject_is_taken_where_our_server_vouches_for_a_person_of_the_request"),
    5: ("test_an_answer_from_another_mailbox_waits_until_the_known_one_says_yes",
        "test_somebody_else_with_the_signed_address_waits_for_the_word_of_the_person_expected"),
    6: ("test_a_letter_passed_on_to_a_colleague_asks_a_person", "test_a_forward_to_a_reply_address_asks_a_person",
        "test_the_people_a_mail_shows_as_its_readers_are_told_from_the_addresses_servers_add"),
    7: ("test_each_sign_of_an_automatic_answer_is_enough", "test_what_people_write_stays_human"),
    8: ("test_two_answering_machines_without_a_header_stop_by_themselves",
        "test_ten_mails_in_three_hours_are_relayed_the_next_are_kept_and_told_once"),
    9: ("test_machines_are_told_not_to_answer_and_peoples_words_are_not_marked_so",),
    10: ("test_a_report_gives_each_address_not_reached_with_its_status", "test_a_delay_is_told_from_a_failure",
         "test_the_report_of_an_old_server_is_read"),
    11: ("test_the_same_mail_by_two_carriers_is_taken_once", "test_the_same_message_delivered_by_several_at_once_is_one"),
    12: ("test_a_server_killed_in_the_middle_of_a_batch_loses_and_doubles_nothing",
         "test_a_process_killed_between_the_commit_and_the_move_takes_it_up_again"),
    13: ("test_a_poisonous_message_sets_nothing_else_back_and_ends_in_quarantine",),
    14: ("test_what_takes_too_long_is_ended_and_the_next_one_is_read",
         "test_what_is_too_large_is_not_even_fetched_and_its_author_is_told_what_to_do_once_a_day"),
    15: ("test_a_wrong_or_unknown_charset_is_repaired", "test_raw_letters_of_a_charset_nobody_declared_are_read",
         "test_nul_and_control_characters_never_reach_the_text"),
    16: ("test_an_answer_in_html_alone_is_read_and_its_quote_kept_apart", "test_the_marks_of_a_page_tell_its_quotes"),
    17: ("test_every_word_is_either_kept_or_elided", "test_an_answer_in_html_alone_is_read_and_its_quote_kept_apart"),
    18: ("test_the_mail_we_sent_is_recognised_when_nothing_marks_it",
         "test_a_quote_without_marks_is_cut_under_its_header"),
    19: ("test_a_reply_with_only_a_file_is_an_answer",),
    20: ("test_every_text_part_is_kept_when_a_picture_stands_between_them",),
    21: ("test_refused_files_are_named_to_the_sender_with_the_reason_and_the_others_kept",
         "test_too_many_files_are_told_to_the_sender", "test_the_same_file_sent_twice_lies_once_on_disk",
         "test_a_signature_logo_is_set_apart_from_the_files_sent",
         "test_a_screenshot_in_the_text_is_a_file_sent_and_the_logo_is_not"),
    22: ("test_the_files_of_an_attached_mail_are_within_reach_and_its_words_readable",
         "test_the_files_of_a_winmail_are_found_under_their_long_names"),
    23: ("test_a_forwarded_answer_is_whole", "test_a_forwarded_mail_is_left_whole"),
    24: ("test_a_person_in_copy_gets_no_right",),
    25: ("test_an_answer_from_another_mailbox_waits_until_the_known_one_says_yes",),
    26: ("test_doubt_goes_to_a_human_nothing_is_done_and_the_words_are_kept",),
    27: ("test_each_filter_s_word_for_spam_is_understood",
         "test_a_filter_that_looked_and_found_nothing_changes_nothing"),
    28: ("test_a_sender_our_own_server_could_not_verify_is_shown_to_a_person", "test_only_the_topmost_counts"),
    29: ("test_a_refusal_is_written_once_a_day", "test_a_null_sender_a_list_and_an_automaton_are_never_answered"),
    30: ("test_ten_mails_in_three_hours_are_relayed_the_next_are_kept_and_told_once",),
    31: ("test_words_about_a_request_that_ended_long_ago_are_kept_told_and_answered_politely",
         "test_a_human_word_reopens_what_ended_lately_and_an_automatic_one_never_does"),
    32: ("test_a_mail_is_attached_as_somebodys_words_and_their_address_learnt",
         "test_a_mail_set_aside_is_told_to_who_wrote_and_shown_whole"),
    33: ("test_relays_never_expose_an_address_and_from_is_always_ours",),
    34: "personal data and purges",
    35: ("test_the_page_says_the_same_to_coordinators", "test_a_message_nobody_reads_asks_for_attention"),
    36: ("test_the_reference_in_the_subject_is_not_enough",
         "test_the_subject_says_nothing_of_a_request_the_sender_has_no_part_in"),
    37: "nothing to test: no header of a mail commands anything of ours",
    38: ("test_each_kind_of_mail_is_recognised",),
}


def test_each_row_has_a_test_or_a_reason_to_have_none():
    assert sorted(ROWS) == list(range(1, 39))
    tests = "\n".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    written = set(re.findall(r"^def (test_\w+)\(", tests, re.MULTILINE))
    assert {name for row in ROWS.values() if isinstance(row, tuple) for name in row} <= written


def test_each_message_built_by_hand_is_used():
    tests = "\n".join(path.read_text("utf-8") for path in FOLDER.glob("test_*.py"))
    assert [path.name for path in sorted((FOLDER / "messages").glob("*.eml")) if path.name not in tests] == []
