//! What people are told, one text for each failure: what happened and who can fix it.
//!
//! Nothing that a visitor, a provider or AWS wrote stands in here. Where a text needs a name or a number, it is
//! empty, and `advice` writes it.

use actix_web::http::StatusCode;

/// A failure in words.
pub(super) struct Text {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) what: &'static str,
    pub(super) who: &'static str,
}

pub(super) const NOT_OPENED_BY_A_PERSON: Text = Text {
    status: StatusCode::FORBIDDEN,
    code: "not-opened-by-a-person",
    title: "Open the link itself",
    what: "This address leads to a sign-in, so it answers only when somebody opens it in a window of its own: \
            not to a preview, a prefetch, a frame or a script.",
    who: "You: open the link in a tab.",
};

pub(super) const NOT_A_FORM: Text = Text {
    status: StatusCode::BAD_REQUEST,
    code: "form-unreadable",
    title: "The form could not be read",
    what: "What your browser sent is not the form that belongs here.",
    who: "You: go back to the page and send the form again. If that does not help, tell the people who run \
            this site.",
};

pub(super) const TOO_LARGE: Text = Text {
    status: StatusCode::PAYLOAD_TOO_LARGE,
    code: "too-large",
    title: "That was too much to read",
    what: "What was sent is larger than anything that belongs here.",
    who: "The people who run this site. Give them the reference below: it leads to the reason in the log.",
};

pub(super) const TOO_SLOW: Text = Text {
    status: StatusCode::REQUEST_TIMEOUT,
    code: "too-slow",
    title: "The request did not arrive in time",
    what: "Your browser began to send something and did not finish within 15 seconds.",
    who: "You: try again. A slow or broken network is the usual reason.",
};

pub(super) const ADDRESS_TOO_LONG: Text = Text {
    status: StatusCode::URI_TOO_LONG,
    code: "address-too-long",
    title: "The address is too long",
    what: "It has more than 8,192 characters, which is more than any link of ours.",
    who: "Whoever made the link: the destination is usually the long part.",
};

pub(super) const HEADERS_TOO_LARGE: Text = Text {
    status: StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
    code: "headers-too-large",
    title: "Your browser sends too much along",
    what: "The headers of the request are larger than 16 KB. Cookies of other pages on this host are the \
            usual reason.",
    who: "You: delete the cookies of this site and open it again.",
};

pub(super) const COOKIE_DOUBLED: Text = Text {
    status: StatusCode::BAD_REQUEST,
    code: "cookie-doubled",
    title: "Your browser sent a cookie twice",
    what: "Two cookies of Vestibule came under one name, so one of them was put there by somebody else. To be \
            safe, neither is believed.",
    who: "You: delete the cookies of this site and sign in again. If it comes back, tell the people who run \
            this site: another page on this domain may be setting it.",
};

pub(super) const SIGN_IN_NEEDED: Text = Text {
    status: StatusCode::UNAUTHORIZED,
    code: "sign-in-needed",
    title: "Sign in first",
    what: "There is no session with this request, or it has ended.",
    who: "You: sign in.",
};

pub(super) const SENT_TOO_LATE: Text = Text {
    status: StatusCode::UNAUTHORIZED,
    code: "sent-too-late",
    title: "Your session ended before you sent this",
    what: "Nothing was checked or published. What you wrote stands below: copy it, for this page keeps it and \
            nothing else does.",
    who: "You: sign in again, and paste it into the document.",
};

pub(super) const NOT_FOUND: Text = Text {
    status: StatusCode::NOT_FOUND,
    code: "not-found",
    title: "There is nothing at this address",
    what: "No page of Vestibule stands here.",
    who: "Whoever gave you the address. A link into the console looks like /go/account/role.",
};

pub(super) const METHOD_NOT_ALLOWED: Text = Text {
    status: StatusCode::METHOD_NOT_ALLOWED,
    code: "method-not-allowed",
    title: "That cannot be done here",
    what: "The address exists, and does not answer requests of this kind.",
    who: "You can go on from your roles. If a page of ours led you here, tell the people who run this site.",
};

pub(super) const BAD_REQUEST: Text = Text {
    status: StatusCode::BAD_REQUEST,
    code: "bad-request",
    title: "The request could not be understood",
    what: "What your browser sent is not a request that belongs here.",
    who: "You can go on from your roles. If a page of ours led you here, tell the people who run this site.",
};

pub(super) const INTERNAL: Text = Text {
    status: StatusCode::INTERNAL_SERVER_ERROR,
    code: "internal",
    title: "Something broke on our side",
    what: "Vestibule met a fault that it did not expect. Nothing was handed out.",
    who: "The people who run this site. Give them the reference below: it leads to the reason in the log.",
};

pub(super) const LINK_UNREADABLE: Text = Text {
    status: StatusCode::BAD_REQUEST,
    code: "link-unreadable",
    title: "This link cannot be read",
    what: "",
    who: "Whoever made the link. It looks like /go/account/role, the account being its alias or its 12 \
            digits.",
};

pub(super) const NOT_ENTITLED: Text = Text {
    status: StatusCode::FORBIDDEN,
    code: "not-entitled",
    title: "This role is not yours, or does not exist",
    what: "You hold no role by this name. The answer is the same whether there is no such role or it belongs \
            to others.",
    who: "",
};

pub(super) const UNSOLICITED: Text = Text {
    status: StatusCode::BAD_REQUEST,
    code: "unsolicited",
    title: "Sign-ins begin here",
    what: "Your identity provider sent you here without having been asked, as its own tile for this application \
            does. Vestibule believes only answers that it asked for in this browser.",
    who: "You: open your roles here, and bookmark that page. The people who run the identity provider can let its \
            tile lead to that page.",
};

pub(super) const LOGIN_EXPIRED: Text = Text {
    status: StatusCode::BAD_REQUEST,
    code: "login-expired",
    title: "This sign-in is over",
    what: "It took longer than ten minutes, or it was used already: going back in the browser does that. A \
            sign-in counts once.",
    who: "You: start again. It is quick if your identity provider still knows you.",
};

pub(super) const OTHER_BROWSER: Text = Text {
    status: StatusCode::FORBIDDEN,
    code: "other-browser",
    title: "This sign-in began in another browser",
    what: "The answer of your identity provider came to a browser that did not ask for it, or that lost its \
            cookies on the way.",
    who: "You: start again, here. If you did not begin a sign-in at all, close this page: somebody may have \
            sent you theirs.",
};

pub(super) const IDP_REFUSED: Text = Text {
    status: StatusCode::FORBIDDEN,
    code: "idp-refused",
    title: "Your identity provider said no",
    what: "",
    who: "",
};

pub(super) const PROOF_REFUSED: Text = Text {
    status: StatusCode::FORBIDDEN,
    code: "proof-refused",
    title: "The answer of your identity provider was refused",
    what: "",
    who: "",
};

pub(super) const IDP_UNREACHABLE: Text = Text {
    status: StatusCode::BAD_GATEWAY,
    code: "idp-unreachable",
    title: "Your identity provider cannot be reached",
    what: "",
    who: "You: try again in a minute. If it lasts, the people who run the provider, or the network between \
            it and this site.",
};

pub(super) const IDP_UNKNOWN: Text = Text {
    status: StatusCode::NOT_FOUND,
    code: "idp-unknown",
    title: "There is no such identity provider",
    what: "The address names a provider that is not configured here.",
    who: "Whoever gave you the address. Without ?idp= in it you choose, or the provider you last used is \
            taken.",
};

pub(super) const DESTINATION_REFUSED: Text = Text {
    status: StatusCode::BAD_REQUEST,
    code: "destination-refused",
    title: "The link leads somewhere else than the console",
    what: "Its destination is not an https page of the AWS console in the part of AWS where this account \
            lives. Vestibule sends nobody anywhere else.",
    who: "Whoever made the link. Without a destination it opens the console’s first page.",
};

pub(super) const REGION_FOREIGN: Text = Text {
    status: StatusCode::BAD_REQUEST,
    code: "region-foreign",
    title: "That region is not one of this account’s",
    what: "The link names a region that does not belong to the part of AWS where this account lives.",
    who: "Whoever made the link. Without a region it opens the one that you used last.",
};

pub(super) const SCOPE_UNKNOWN: Text = Text {
    status: StatusCode::BAD_REQUEST,
    code: "scope-unknown",
    title: "There is no such scope for this role",
    what: "The link asks to hold less than the role gives, under a name that is not defined, or that cannot \
            be put on this role.",
    who: "Whoever made the link, or the people who look after access to AWS in your organisation. Vestibule \
            does not open the role without the scope, for that would be more than was asked.",
};

pub(super) const CLAIM_UNUSABLE: Text = Text {
    status: StatusCode::FORBIDDEN,
    code: "claim-unusable",
    title: "Something about you cannot be used with AWS",
    what: "",
    who: "",
};

pub(super) const ISSUER_EXPIRED: Text = Text {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "issuer-key-expired",
    title: "The key that vouches for you has expired",
    what: "Vestibule found that the role is yours, and would vouch for you towards AWS; but the certificate of its \
            signing key has come to its end, and it signs nothing with it any more.",
    who: "The people who run this site: they bring the next key into force (vestibule issuer keys promote) or make one \
            (vestibule issuer keys new), and register the new metadata in every account. The page on the issuer, \
            under Administration, says which step is next.",
};

pub(super) const ISSUER_WITHOUT_KEY: Text = Text {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "issuer-without-key",
    title: "Vestibule has no key to vouch for you",
    what: "The role is yours, and Vestibule itself vouches for its holders towards AWS; but no key of its issuer is in \
            force for this kind of proof.",
    who: "The people who run this site: vestibule issuer keys list shows the keys and their states, and \
            vestibule issuer keys promote brings the next one into force.",
};

pub(super) const ISSUER_BROKEN: Text = Text {
    status: StatusCode::INTERNAL_SERVER_ERROR,
    code: "issuer-broken",
    title: "Vestibule could not vouch for you",
    what: "The role is yours, and Vestibule itself vouches for its holders towards AWS; but its issuer could not make \
            the proof. Nothing was handed out.",
    who: "The people who run this site. Give them the reference below: it leads to the reason in the log.",
};

pub(super) const AWS_REFUSED: Text = Text {
    status: StatusCode::FORBIDDEN,
    code: "aws-refused",
    title: "AWS said no",
    what: "Vestibule found that the role is yours, asked AWS for it, and AWS refused.",
    who: "The people who look after access to AWS in your organisation. The facts below are what they need.",
};

pub(super) const AWS_BUSY: Text = Text {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "aws-busy",
    title: "AWS is busy",
    what: "AWS did not answer, or asked to be left alone for a moment. Nothing is wrong with your role.",
    who: "Nobody needs to: try again in a moment.",
};

pub(super) const AWS_UNTRUSTED: Text = Text {
    status: StatusCode::BAD_GATEWAY,
    code: "aws-untrusted",
    title: "AWS’s certificate is not trusted",
    what: "Whoever answered in the place of AWS did not prove to be AWS, so nothing was said to them.",
    who: "The people who run this site. Most likely a proxy of your organisation opens encrypted connections: its authority then belongs into aws.ca_file. Else this machine’s certificates or its clock are out of date, or somebody stands between Vestibule and AWS. Give them the reference below.",
};

pub(super) const AWS_UNEXPECTED: Text = Text {
    status: StatusCode::BAD_GATEWAY,
    code: "aws-unexpected",
    title: "AWS’s answer makes no sense",
    what: "Vestibule asked AWS for your role, and what came back was not the answer to that. It was thrown away.",
    who: "The people who run this site: something between Vestibule and AWS may be answering in AWS’s place. Give them the reference below.",
};

pub(super) const REGION_DISABLED: Text = Text {
    status: StatusCode::FORBIDDEN,
    code: "region-disabled",
    title: "AWS does not sign in from that region for this account",
    what: "",
    who: "Whoever administers that account can activate the region for STS, in IAM under account settings. \
            The people who run this site can choose another region.",
};

pub(super) const SESSION_ENDED: Text = Text {
    status: StatusCode::FORBIDDEN,
    code: "session-ended",
    title: "Your session has ended",
    what: "It ended while AWS was being asked: you signed out, or your access was taken back. Nothing was \
            handed out.",
    who: "You: sign in again.",
};

pub(super) const TOO_MANY_KEPT: Text = Text {
    status: StatusCode::CONFLICT,
    code: "too-many-kept",
    title: "There is no room for one more",
    what: "",
    who: "You: take away one that you no longer need, then add this one again.",
};

pub(super) const FORM_REFUSED: Text = Text {
    status: StatusCode::FORBIDDEN,
    code: "form-refused",
    title: "This form is not from a page of ours",
    what: "Forms count only when they are sent from a page of Vestibule that belongs to the session you have \
            now.",
    who: "You: go back to your roles and do it again from there. If another site led you here, be careful \
            with that site.",
};

pub(super) const DATABASE_AWAY: Text = Text {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "database-away",
    title: "The records are out of reach",
    what: "Vestibule writes down every sign-in before it happens. It cannot reach its database now, so nobody \
            gets in.",
    who: "The people who run this site. Trying again in a moment is worth it.",
};

pub(super) const NO_SUCH_REVISION: Text = Text {
    status: StatusCode::NOT_FOUND,
    code: "no-such-revision",
    title: "There is no such revision",
    what: "Revisions of the access model are numbered from 1, and none has this number.",
    who: "Whoever gave you the address. The list names every revision there is.",
};

pub(super) const GOVERNED: Text = Text {
    status: StatusCode::CONFLICT,
    code: "governed-by-a-file",
    title: "A file governs the access model",
    what: "The configuration names a file that the access model is taken from, so nothing can be changed on these \
            pages. Nothing was published.",
    who: "",
};

pub(super) const OVERTAKEN: Text = Text {
    status: StatusCode::CONFLICT,
    code: "overtaken",
    title: "Another revision was published meanwhile",
    what: "Somebody published while you were at it, so nothing of yours was published.",
    who: "You: look at what changed, and do it again on top of that.",
};

pub(super) const NOT_PUBLISHABLE: Text = Text {
    status: StatusCode::UNPROCESSABLE_ENTITY,
    code: "not-publishable",
    title: "This cannot be published",
    what: "The document or its note did not pass the checks. Nothing was published.",
    who: "You: check it on the page of the document, which names every problem.",
};

pub(super) const NOT_FOLLOWED: Text = Text {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "published-not-in-force",
    title: "Published, and not in force on this server yet",
    what: "The revision was published. This server could not load it, and decides by the one before until it can; it \
            tries again all the time, and hands out nothing that the new one forbids.",
    who: "The people who run this site. Give them the reference below: it leads to the reason in the log.",
};
