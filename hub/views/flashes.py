"""What is said once, after something was done."""

from collections.abc import Mapping

from hub.views.shell import Flash
from services.kit.language import N_

_FLASHES = (
    Flash(
        "welcome",
        N_("Welcome. Your account is ready."),
        N_("You can now register for events and write."),
    ),
    Flash("signed-in", N_("You are signed in.")),
    Flash("signed-out", N_("You are signed out.")),
    Flash(
        "seat",
        N_("You have a seat."),
        N_("It is in your calendar, and a mail with the details is on its way."),
    ),
    Flash(
        "line",
        N_("You are on the waitlist."),
        N_("When someone cancels, you move up and we tell you at once."),
        "notice",
    ),
    Flash(
        "guest",
        N_("Thank you. Please look into your mail."),
        N_("It asks you to confirm your seat, or says that you are in line."),
    ),
    Flash(
        "group",
        N_("Everybody whom you named gets a mail."),
        N_("It asks them to confirm their seat, or says that they are in line."),
    ),
    Flash(
        "cancelled",
        N_("Your registration is cancelled."),
        N_("You can register again while it is open."),
    ),
    Flash(
        "event-published", N_("Your event is published."), N_("Anybody can register from now on.")
    ),
    Flash(
        "event-changed", N_("Your event is changed."), N_("Everybody whom it concerns gets a mail.")
    ),
    Flash(
        "event-postponed",
        N_("The event is postponed."),
        N_("Everybody registered is told. Give it a new date as soon as you know it."),
    ),
    Flash("draft-saved", N_("Your draft is saved."), N_("Only you and those who help can see it.")),
    Flash("session-saved", N_("The agenda is changed.")),
    Flash("session-removed", N_("The session is off the agenda.")),
    Flash("event-people-changed", N_("The people of the event are changed.")),
    Flash(
        "poll-opened",
        N_("The poll is open."),
        N_("Ask people by mail, or send them the address below."),
    ),
    Flash("poll-asked", N_("They get a mail with a link of their own.")),
    Flash("poll-closed", N_("The poll is closed.")),
    Flash("poll-deleted", N_("The poll and all answers are deleted.")),
    Flash(
        "draft-made",
        N_("The date is a draft event now."),
        N_("Only you can see it. Add what is missing, then publish it."),
    ),
    Flash(
        "vote-saved",
        N_("Thank you. Your answer is saved."),
        N_("You can change it on this page as long as the poll is open."),
    ),
    Flash(
        "asked",
        N_("You have asked for a seat."),
        N_("The organiser decides, and we write to you as soon as that is done."),
        "notice",
    ),
    Flash("seat-confirmed", N_("You have a seat.")),
    Flash("registration-changed", N_("Your registration is changed.")),
    Flash("seats-set", N_("The seats are set."), N_("Who waited and got one is told.")),
    Flash("question-asked", N_("The question is asked from now on.")),
    Flash("question-withdrawn", N_("The question is asked no more.")),
    Flash("request-decided", N_("It is decided."), N_("The person is told by mail.")),
    Flash("checked-in", N_("Checked in.")),
    Flash("material-added", N_("It is there for everybody with a seat.")),
    Flash("material-removed", N_("It is removed.")),
    Flash("materials-told", N_("Everybody with a seat gets a mail.")),
    Flash("attendance-noted", N_("It is noted.")),
    Flash("feedback-given", N_("Thank you for saying how it was.")),
    Flash(
        "date-changed", N_("The date is changed."), N_("Everybody registered is told.")
    ),
    Flash("date-cancelled", N_("The date is called off."), N_("Everybody registered is told.")),
    Flash("event-cancelled", N_("The event is called off."), N_("Everybody registered is told.")),
    Flash("post-published", N_("Your post is published.")),
    Flash(
        "project-proposed",
        N_("The project is proposed."),
        N_("Below are the people and organisations that fit it, with the reason for each."),
    ),
    Flash(
        "invited",
        N_("An invitation is on its way."),
        N_("It goes by mail, unless the person is known here already."),
    ),
    Flash("role-granted", N_("The role is given."), N_("It holds from their next page on.")),
    Flash("role-withdrawn", N_("The role is withdrawn.")),
    Flash("role-handed-over", N_("The role is handed over.")),
    Flash(
        "suspended",
        N_("The account is suspended."),
        N_("They are signed out everywhere, nobody finds them, and a mail tells them."),
        "notice",
    ),
    Flash("reinstated", N_("The account is open again."), N_("A mail tells them.")),
    Flash(
        "session-ended",
        N_("That session has ended."),
        N_("Whoever uses that browser has to sign in again."),
    ),
    Flash(
        "sessions-ended",
        N_("All other sessions have ended."),
        N_("You are signed in here only."),
    ),
    Flash("profile-holds", N_("Thank you. Your profile stays as it is for another year.")),
    Flash("consents-saved", N_("Your choice is saved and counts from now on.")),
    Flash("address-changed", N_("Your e-mail address is changed.")),
    Flash(
        "address-back",
        N_("Your account has this address again, and everybody is signed out."),
        N_("Sign in to see whether anything else was changed."),
    ),
    Flash("profile-saved", N_("Your profile is saved.")),
    Flash(
        "expertise-saved",
        N_("What you know and look for is saved."),
        N_("Whoever may see your profile sees it there."),
    ),
    Flash("endorsed", N_("You confirmed what they know."), N_("You can take it back any time.")),
    Flash("endorsement-withdrawn", N_("You no longer confirm this.")),
    Flash(
        "term-mapped",
        N_("These words now mean that term."),
        N_("Everybody who used them has the term instead."),
    ),
    Flash("term-accepted", N_("This is a term of the community now.")),
    Flash("term-refused", N_("These words are taken away.")),
    Flash(
        "feed-revoked",
        N_("The calendar address is switched off."),
        N_("Calendars using it stop updating."),
    ),
    Flash(
        "set-up",
        N_("The hub is yours."),
        N_("Publish the first event, or invite others to join."),
    ),
    Flash(
        "set-up-filling",
        N_("The hub is yours, and the example community is moving in."),
        N_("That takes about a minute. Reload this page to see who has come."),
    ),
    Flash("organisation-saved", N_("The organisation is saved.")),
    Flash("works-here", N_("Your profile says now that you work here.")),
    Flash(
        "representation-asked",
        N_("Your wish is on its way."),
        N_("Those who look after this organisation decide, and you get a mail."),
    ),
    Flash("ask-withdrawn", N_("You ask for nothing any more.")),
    Flash("stepped-down", N_("You speak for this organisation no longer.")),
    Flash("representation-granted", N_("You said yes, and the person is told.")),
    Flash("representation-declined", N_("You said no, and the person is told.")),
    Flash("representation-changed", N_("What this person may do here is changed.")),
    Flash("person-removed", N_("The person is taken off this organisation.")),
    Flash("handed-over", N_("The organisation is handed over. You go on speaking for it.")),
    Flash("organisation-verified", N_("The organisation is verified.")),
    Flash("organisation-doubted", N_("The organisation is verified no longer.")),
    Flash(
        "organisations-merged",
        N_("The two are one now."),
        N_("People, projects and old addresses lead to the one that stays."),
    ),
    Flash("organisations-apart", N_("The two stay apart and are not suggested again.")),
    Flash("region-saved", N_("The region is saved.")),
    Flash(
        "region-removed",
        N_("The region is gone."),
        N_("Nobody's town or region has changed by that."),
    ),
    Flash(
        "passkey-added",
        N_("The passkey is added."),
        N_("From now on you can sign in with it. A mail tells you so, in case it was not you."),
    ),
    Flash("passkey-renamed", N_("The passkey has another name.")),
    Flash("passkey-removed", N_("The passkey is removed."), N_("It signs nobody in any more.")),
    Flash("identity-linked", N_("The account is linked. From now on it signs you in.")),
    Flash("identity-unlinked", N_("The account is unlinked. It signs nobody in any more.")),
    Flash("settings-saved", N_("The settings are saved.")),
    Flash(
        "stayed",
        N_("Welcome back. You stay."),
        N_("Everything is as it was, and nothing will be erased."),
    ),
    Flash("notices-read", N_("All notices are marked as read.")),
)
FLASHES: Mapping[str, Flash] = {flash.code: flash for flash in _FLASHES}
