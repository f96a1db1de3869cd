//! Requests and forms that are not answered as they were meant.

use super::{Plural, ProblemText, Sentence};

texts! {
    /// Requests and forms.
    RequestProblems {
        not_opened_by_a_person: ProblemText = ProblemText {
            title: "Open the link itself",
            what: Sentence(
                "This address leads to a sign-in, so it answers only when somebody opens it in a window of its own: \
                 not to a preview, a prefetch, a frame or a script."
            ),
            who: Sentence("You can. Nothing is wrong with the link."),
            now: Sentence("Open the link in a tab."),
        },
        led_from_elsewhere: ProblemText = ProblemText {
            title: "Did you mean to read this?",
            what: Sentence(
                "What stands here is about people, and it is written down that you read it. Another site led you here, \
                 or you have just signed in, and neither says that you mean to."
            ),
            who: Sentence("You can. Nothing has been read, and nothing written down."),
            now: Sentence("Go on, if you want to read it."),
        },
        not_a_form: ProblemText = ProblemText {
            title: "The form could not be read",
            what: Sentence("What your browser sent is not the form that belongs here."),
            who: Sentence("You, most likely. If it happens again, the people who run this site."),
            now: Sentence("Go back to the page, load it anew, and send the form again."),
        },
        too_large: ProblemText = ProblemText {
            title: "That was too much to read",
            what: Sentence("What was sent is larger than anything that belongs here."),
            who: Sentence("The people who run this site: the reference below leads to the reason in the log."),
            now: Sentence(
                "Send less, if it is something that you wrote. If you did nothing but sign in, tell them, and give them \
                 the reference."
            ),
        },
        too_slow: ProblemText = ProblemText {
            title: "The request did not arrive in time",
            what: Sentence(
                "Your browser began to send something and did not finish within 15 seconds. A slow or broken network is \
                 the usual reason."
            ),
            who: Sentence("Whoever looks after your network, if it stays so."),
            now: Sentence("Go back and try again."),
        },
        address_too_long: ProblemText = ProblemText {
            title: "The address is too long",
            what: Sentence("It has more than 8,192 characters, which is more than any link of ours."),
            who: Sentence("Whoever made the link: the destination is usually the long part."),
            now: Sentence("Open the role from your roles, and find the page in the console."),
        },
        headers_too_large: ProblemText = ProblemText {
            title: "Your browser sends too much along",
            what: Sentence(
                "The headers of the request are larger than 16 KB. Cookies of other pages on this host are the usual \
                 reason."
            ),
            who: Sentence("You can. If it comes back, the people who run this site: another page on this host sets them."),
            now: Sentence("Delete the cookies of this site in your browser’s settings, and open it again."),
        },
        cookie_doubled: ProblemText = ProblemText {
            title: "Your browser sent a cookie twice",
            what: Sentence(
                "Two cookies of Vestibule came under one name, so one of them was put there by somebody else. To be \
                 safe, neither is believed."
            ),
            who: Sentence(
                "You can. If it comes back, the people who run this site: another page on this domain may be setting it."
            ),
            now: Sentence("Delete the cookies of this site in your browser’s settings, and sign in again."),
        },
        sign_in_needed: ProblemText = ProblemText {
            title: "Sign in first",
            what: Sentence("There is no session with this request, or it has ended."),
            who: Sentence("You can."),
            now: Sentence("Sign in."),
        },
        form_refused: ProblemText = ProblemText {
            title: "This form is not from a page of ours",
            what: Sentence(
                "Forms count only when they are sent from a page of Vestibule that belongs to the session you have now. \
                 Nothing was done."
            ),
            who: Sentence(
                "You can. If a page of Vestibule itself led you here, the people who run this site: something may leave \
                 out where forms come from."
            ),
            now: Sentence(
                "Go to your roles and do it again from there. If another site led you here, be careful with that site."
            ),
        },
        signed_out_elsewhere: ProblemText = ProblemText {
            title: "You are no longer signed in",
            what: Sentence(
                "After this page was opened, you signed out in another tab, or the session ended by itself. Nothing was \
                 done."
            ),
            who: Sentence("You can."),
            now: Sentence("Sign in again, and do it once more."),
        },
        other_session: ProblemText = ProblemText {
            title: "This page is from an earlier session",
            what: Sentence(
                "After it was opened, that session ended in another tab, and you have signed in anew since. What a page \
                 sends counts only in its own session, so nothing was done."
            ),
            who: Sentence("You can."),
            now: Sentence("Go to your roles, where you are signed in, and do it again from there. Close the old page."),
        },
        too_many_kept: ProblemText = ProblemText {
            title: "There is no room for one more",
            what: Sentence("Vestibule keeps {most} of them for you, and you have that many. Nothing was changed."),
            who: Sentence("You can."),
            now: Sentence("Take away one that you no longer need, then add this one again."),
        },
        too_often: ProblemText = ProblemText {
            title: "Too many requests",
            what: Sentence(
                "In the last minute more of these came from you than Vestibule answers, so nothing was done about this one."
            ),
            who: Sentence(
                "You can, by waiting. If it was not you, the people who run this site: somebody uses your session."
            ),
            now: Sentence("Wait {wait}, and try again. If it was not you, sign out."),
        },
        too_often_there: ProblemText = ProblemText {
            title: "Too many requests from where you are",
            what: Sentence(
                "In the last minute more of these came from your network’s address than Vestibule answers, so nothing was \
                 done about this one. Other people may sit behind the same address."
            ),
            who: Sentence(
                "You can, by waiting. If it comes back, the people who run this site: the limits stand in its configuration."
            ),
            now: Sentence("Wait {wait}, and try again."),
        },
        wait: Plural = Plural { one: Sentence("a second"), other: Sentence("{seconds} seconds") },
        not_found: ProblemText = ProblemText {
            title: "There is nothing at this address",
            what: Sentence("No page of Vestibule stands here."),
            who: Sentence("Whoever gave you the address. A link into the console looks like /go/account/role."),
            now: Sentence("Look for what you want among your roles."),
        },
        method_not_allowed: ProblemText = ProblemText {
            title: "That cannot be done here",
            what: Sentence("The address exists, and does not answer requests of this kind."),
            who: Sentence("The people who run this site, if a page of ours led you here."),
            now: Sentence("Go on from your roles."),
        },
        bad_request: ProblemText = ProblemText {
            title: "The request could not be understood",
            what: Sentence("What your browser sent is not a request that belongs here."),
            who: Sentence("The people who run this site, if a page of ours led you here."),
            now: Sentence("Go on from your roles."),
        },
        internal: ProblemText = ProblemText {
            title: "Something broke on our side",
            what: Sentence("Vestibule met a fault that it did not expect. Nothing was handed out."),
            who: Sentence("The people who run this site: the reference below leads to the reason in the log."),
            now: Sentence("Try again once. If it stays, give them the reference."),
        },
        database_away: ProblemText = ProblemText {
            title: "The records are out of reach",
            what: Sentence(
                "Vestibule writes down every sign-in before it happens. It cannot reach its database now, so nobody gets \
                 in."
            ),
            who: Sentence("The people who run this site. They know, if they watch its state."),
            now: Sentence("Try again in a moment. Consoles that you have open go on."),
        },
    }
}
