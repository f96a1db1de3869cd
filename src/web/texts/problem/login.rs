//! Logins: on the way to an identity provider, at it, and back.

use super::{Plural, ProblemText, Sentence, Text};

texts! {
    /// Logins.
    LoginProblems {
        unsolicited: ProblemText = ProblemText {
            title: "Sign-ins begin here",
            what: Sentence(
                "Your identity provider sent you here without having been asked, as its own tile for this application \
                 does. Vestibule believes only answers that it asked for in this browser."
            ),
            who: Sentence("The people who run the identity provider can let its tile lead to the page of your roles."),
            now: Sentence("Open your roles here, and bookmark that page."),
        },
        expired: ProblemText = ProblemText {
            title: "This sign-in took too long",
            what: Sentence("It took longer than ten minutes, and counts no more. Nobody was signed in."),
            who: Sentence("You can."),
            now: Sentence("Start again. It is quick if your identity provider still knows you."),
        },
        used: ProblemText = ProblemText {
            title: "This sign-in was used already",
            what: Sentence(
                "A sign-in counts once. Going back in the browser after it, or loading its page again, leads here; so \
                 does one that began so long ago that it is forgotten."
            ),
            who: Sentence("You can. Nothing is broken."),
            now: Sentence("Go to your roles. If you are still signed in, they open at once; if not, you sign in again."),
        },
        other_browser: ProblemText = ProblemText {
            title: "This sign-in began in another browser",
            what: Sentence(
                "The answer of your identity provider came to a browser that did not ask for it: perhaps a link was \
                 opened in one browser and finished in another. Nobody was signed in here."
            ),
            who: Sentence("You can."),
            now: Sentence(
                "Finish in the browser in which you began, or start again in this one. If you did not begin a sign-in at \
                 all, close this page: somebody may have sent you theirs."
            ),
        },
        cookies_off: ProblemText = ProblemText {
            title: "Your browser brought no cookie back",
            what: Sentence(
                "A sign-in counts only in the browser that began it, and Vestibule knows that browser by a cookie. This \
                 one sent none. Most likely it keeps no cookies for this site, or an add-on or a private window threw \
                 them away; or the sign-in began in another browser. Nobody was signed in."
            ),
            who: Sentence("You can. If you may not change your browser’s settings, whoever looks after your computer."),
            now: Sentence(
                "Allow cookies for this site, in the browser’s settings under privacy or by the sign beside the address, \
                 and sign in again. Vestibule sets three, for signing in and for nothing else. If you did not begin a \
                 sign-in at all, close this page: somebody may have sent you theirs."
            ),
        },
        idp_refused: ProblemText = ProblemText {
            title: "Your identity provider said no",
            what: Sentence(
                "{idp} did not confirm who you are: the sign-in was cancelled there, or you may not use this application."
            ),
            who: Sentence("The people who run {idp}, if you did not cancel it: they can say why, and let you in."),
            now: Sentence("Sign in again. If {idp} says no again, give its people the code below."),
        },
        proof_refused: ProblemText = ProblemText {
            title: "The answer of your identity provider was refused",
            what: Sentence(
                "{idp} sent an answer, and a check that every answer must pass did not hold. Nobody was signed in."
            ),
            who: Sentence(
                "The people who run this site, together with those who run {idp}: the code below says which check it \
                 was, and the log says more under the reference."
            ),
            now: Sentence("Sign in again, once. If it happens again, give them the code and the reference."),
        },
        idp_unreachable: ProblemText = ProblemText {
            title: "Your identity provider cannot be reached",
            what: Sentence("Vestibule asked {idp} and got no usable answer."),
            who: Sentence("The people who run {idp}, or the network between it and this site."),
            now: Sentence("Try again in a minute. Consoles that you have open go on."),
        },
        idp_unknown: ProblemText = ProblemText {
            title: "There is no such identity provider",
            what: Sentence("The address names a provider that is not configured here."),
            who: Sentence("Whoever gave you the address: without ?idp= in it, it works for everybody."),
            now: Sentence("Sign in: you choose the provider, or the one that you last used is taken."),
        },
        blocked: ProblemText = ProblemText {
            title: "You are blocked",
            what: Sentence(
                "The people who look after access to AWS in your organisation have blocked you here, {until}. Your \
                 sessions with Vestibule have ended, and nothing is handed out to you. That your identity provider lets \
                 you in changes nothing about it."
            ),
            who: Sentence(
                "The people who look after access to AWS in your organisation. Why they did it stands in their notes, and \
                 not here."
            ),
            now: Sentence("Ask them, and give them the reference below. Once the block is over, sign in again."),
        },
        session_ended: ProblemText = ProblemText {
            title: "Your session has ended",
            what: Sentence(
                "It ended while AWS was being asked: you signed out, or your access was taken back. Nothing was handed \
                 out."
            ),
            who: Sentence(
                "You can, if you signed out. If you did not, the people who look after access to AWS in your \
                 organisation."
            ),
            now: Sentence("Sign in again."),
        },
        no_time: ProblemText = ProblemText {
            title: "This role asks for another login",
            what: Sentence("The role asks for {age}, and {idp} does not say when you signed in there."),
            who: Sentence(
                "The people who run {idp}. By OpenID Connect it must send auth_time when max_age is asked for; and its \
                 clock must be right, for a time that lies ahead is none."
            ),
            now: Sentence("Tell them, with the code and the reference below. Your other roles are open to you."),
        },
        not_fresh: ProblemText = ProblemText {
            title: "This role asks for another login",
            what: Sentence(
                "The role asks for {age}. {idp} was asked to let you sign in anew, and says that you signed in longer ago \
                 than that."
            ),
            who: Sentence(
                "You can. If it does not help, the people who run {idp}: it must heed max_age (OpenID Connect) or \
                 ForceAuthn (SAML)."
            ),
            now: Sentence("Sign out at {idp}, and open the link again."),
        },
        no_context: ProblemText = ProblemText {
            title: "This role asks for another login",
            what: Sentence(
                "The role asks for a login of a certain kind, such as one with a second factor, and {idp} does not say \
                 how you signed in."
            ),
            who: Sentence(
                "The people who run {idp}. It must say so in acr (OpenID Connect), or in one AuthnContextClassRef (SAML)."
            ),
            now: Sentence("Tell them, with the reference below. Your other roles are open to you."),
        },
        other_context: ProblemText = ProblemText {
            title: "This role asks for another login",
            what: Sentence(
                "The role asks for a login of a certain kind, such as one with a second factor. {idp} was asked for it, \
                 and let you sign in in another way."
            ),
            who: Sentence(
                "You can, if {idp} offers a stronger way. If it does not, the people who run {idp}, together with those \
                 who look after access to AWS: what the role names must be what {idp} sends."
            ),
            now: Sentence("Open the link again, and take the stronger way at {idp}."),
        },
        context_refused: ProblemText = ProblemText {
            title: "This role asks for another login",
            what: Sentence(
                "The role asks for a login of a certain kind, such as one with a second factor, and {idp} says that it \
                 cannot give you one. Perhaps you have no second factor there yet."
            ),
            who: Sentence(
                "The people who run {idp}; or those who look after access to AWS, if the role names a kind of login that \
                 {idp} does not know."
            ),
            now: Sentence("Set up a second factor at {idp}, if you have none, and open the link again. If you have, tell them."),
        },
        age_any: Text = "a recent login",
        age: Plural = Plural {
            one: Sentence("a login of the last minute"),
            other: Sentence("a login of the last {minutes} minutes"),
        },
    }
}

texts! {
    /// What a refused answer usually means, for those who can repair it.
    ReasonTexts {
        encrypted: Text = "The assertion is encrypted, which Vestibule does not read: switch assertion encryption off for \
                           this application.",
        sha1: Text = "It is signed with SHA-1: switch the signature of this application to SHA-256.",
        unsigned: Text = "Neither the response nor the assertion is signed: switch signing on for this application.",
        algorithm: Text = "It is signed by an algorithm that is not accepted here.",
        signature: Text = "No key that Vestibule knows made the signature: the provider may have changed its keys, so load \
                           its metadata anew.",
        metadata: Text = "The provider’s metadata has passed its validUntil: load it anew.",
        audience: Text = "It is not addressed to Vestibule: compare the audience, or the client id, on both sides.",
        recipient: Text = "It was made for another address: compare the assertion consumer service’s URL at the provider.",
        issuer: Text = "It comes from another issuer than the one that is configured.",
        times: Text = "Its times do not fit ours: a clock is wrong, or it was underway too long.",
        session_over: Text = "The session at the provider has ended: sign out there, and in again.",
        in_response_to: Text = "It is not the answer to this sign-in.",
        name_id: Text = "It does not name you in a way that can be used: the NameID is missing or odd.",
        attributes: Text = "Its attributes cannot be used: one name stands twice, or there are too many values.",
        client: Text = "The provider does not accept Vestibule’s client id and secret.",
        code: Text = "The provider does not take its own code back: it was used, or took too long.",
        replayed: Text = "It was used before: every answer opens one session.",
    }
}
