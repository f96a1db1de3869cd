//! The kinds of problems: each with its status, its code for programs and logs, and where its words stand.

use actix_web::http::StatusCode as Status;

use crate::web::texts::{ProblemText, Problems};

/// A kind of problem.
pub(super) struct Kind {
    pub(super) status: Status,
    pub(super) code: &'static str,
    pub(super) text: fn(&'static Problems) -> &'static ProblemText,
}

/// Says in a line what a kind is.
macro_rules! kinds {
    ($($name:ident: $status:ident $code:literal, $area:ident.$text:ident;)+) => {
        $(pub(super) const $name: Kind = Kind {
            status: Status::$status,
            code: $code,
            text: |problems| &problems.$area.$text,
        };)+
    };
}

kinds! {
    NOT_OPENED_BY_A_PERSON: FORBIDDEN "not-opened-by-a-person", requests.not_opened_by_a_person;
    LED_FROM_ELSEWHERE: FORBIDDEN "led-from-elsewhere", requests.led_from_elsewhere;
    NOT_A_FORM: BAD_REQUEST "form-unreadable", requests.not_a_form;
    TOO_LARGE: PAYLOAD_TOO_LARGE "too-large", requests.too_large;
    TOO_SLOW: REQUEST_TIMEOUT "too-slow", requests.too_slow;
    ADDRESS_TOO_LONG: URI_TOO_LONG "address-too-long", requests.address_too_long;
    HEADERS_TOO_LARGE: REQUEST_HEADER_FIELDS_TOO_LARGE "headers-too-large", requests.headers_too_large;
    COOKIE_DOUBLED: BAD_REQUEST "cookie-doubled", requests.cookie_doubled;
    SIGN_IN_NEEDED: UNAUTHORIZED "sign-in-needed", requests.sign_in_needed;
    FORM_REFUSED: FORBIDDEN "form-refused", requests.form_refused;
    SIGNED_OUT_ELSEWHERE: FORBIDDEN "signed-out-elsewhere", requests.signed_out_elsewhere;
    OTHER_SESSION: FORBIDDEN "other-session", requests.other_session;
    TOO_MANY_KEPT: CONFLICT "too-many-kept", requests.too_many_kept;
    TOO_OFTEN: TOO_MANY_REQUESTS "too-often", requests.too_often;
    TOO_OFTEN_THERE: TOO_MANY_REQUESTS "too-often", requests.too_often_there;
    TOKEN_REFUSED: UNPROCESSABLE_ENTITY "token-refused", programs.token_refused;
    TOKEN_OF_OLDER_SESSION: UNPROCESSABLE_ENTITY "token-refused", programs.token_of_older_session;
    NOT_FOR_TOKENS: FORBIDDEN "not-for-tokens", programs.not_for_tokens;
    TOKEN_NEEDED: UNAUTHORIZED "token-needed", programs.token_needed;
    TOKEN_UNKNOWN: UNAUTHORIZED "token-unknown", programs.token_unknown;
    TOKEN_IN_ADDRESS: BAD_REQUEST "token-in-address", programs.token_in_address;
    SCOPE_LACKING: FORBIDDEN "scope-lacking", programs.scope_lacking;
    NOBODY_KNOWN: NOT_FOUND "nobody-known", programs.nobody_known;
    NO_SUCH_TOKEN: NOT_FOUND "no-such-token", programs.no_such_token;
    BODY_UNREADABLE: BAD_REQUEST "body-unreadable", programs.body_unreadable;
    MEDIA_TYPE: UNSUPPORTED_MEDIA_TYPE "media-type", programs.media_type;
    NOT_ACCEPTABLE: NOT_ACCEPTABLE "not-acceptable", programs.not_acceptable;
    IF_MATCH_NEEDED: PRECONDITION_REQUIRED "if-match-needed", programs.if_match_needed;
    IF_MATCH_STALE: PRECONDITION_FAILED "if-match-stale", programs.if_match_stale;
    DRAFT_UNREADABLE: CONFLICT "draft-unreadable", programs.draft_unreadable;
    ENTRY_UNFIT: UNPROCESSABLE_ENTITY "entry-unfit", programs.entry_unfit;
    DRAFT_STALE: CONFLICT "draft-stale", programs.draft_stale;
    UNDECIDED: CONFLICT "undecided", programs.undecided;
    CONFIRMATION_NEEDED: UNPROCESSABLE_ENTITY "confirmation-needed", programs.confirmation_needed;
    UNANSWERABLE: UNPROCESSABLE_ENTITY "unanswerable", programs.unanswerable;
    NOBODY_IN_THE_RECORD: NOT_FOUND "nobody-in-the-record", programs.nobody_in_the_record;
    KEY_NEEDED: BAD_REQUEST "idempotency-key-needed", programs.key_needed;
    KEY_UNREADABLE: BAD_REQUEST "idempotency-key-unreadable", programs.key_unreadable;
    KEY_OF_ANOTHER: UNPROCESSABLE_ENTITY "idempotency-key-of-another", programs.key_of_another;
    UNDER_WAY: CONFLICT "under-way", programs.under_way;
    MADE_BEFORE: CONFLICT "made-before", programs.made_before;
    NOT_FOUND: NOT_FOUND "not-found", requests.not_found;
    METHOD_NOT_ALLOWED: METHOD_NOT_ALLOWED "method-not-allowed", requests.method_not_allowed;
    BAD_REQUEST: BAD_REQUEST "bad-request", requests.bad_request;
    INTERNAL: INTERNAL_SERVER_ERROR "internal", requests.internal;
    DATABASE_AWAY: SERVICE_UNAVAILABLE "database-away", requests.database_away;

    LINK_UNREADABLE: BAD_REQUEST "link-unreadable", links.unreadable;
    PASTED_UNKNOWN: BAD_REQUEST "pasted-unknown", links.pasted_unknown;
    NOT_ENTITLED: FORBIDDEN "not-entitled", links.not_entitled;
    DESTINATION_REFUSED: BAD_REQUEST "destination-refused", links.destination_refused;
    REGION_FOREIGN: BAD_REQUEST "region-foreign", links.region_foreign;
    SCOPE_UNKNOWN: BAD_REQUEST "scope-unknown", links.scope_unknown;

    UNSOLICITED: BAD_REQUEST "unsolicited", login.unsolicited;
    LOGIN_EXPIRED: BAD_REQUEST "login-expired", login.expired;
    LOGIN_USED: BAD_REQUEST "login-used", login.used;
    OTHER_BROWSER: FORBIDDEN "other-browser", login.other_browser;
    COOKIES_OFF: FORBIDDEN "cookies-off", login.cookies_off;
    IDP_REFUSED: FORBIDDEN "idp-refused", login.idp_refused;
    PROOF_REFUSED: FORBIDDEN "proof-refused", login.proof_refused;
    IDP_UNREACHABLE: BAD_GATEWAY "idp-unreachable", login.idp_unreachable;
    IDP_UNKNOWN: NOT_FOUND "idp-unknown", login.idp_unknown;
    BLOCKED: FORBIDDEN "blocked", login.blocked;
    SESSION_ENDED: FORBIDDEN "session-ended", login.session_ended;
    LOGIN_NO_TIME: FORBIDDEN "login-not-enough", login.no_time;
    LOGIN_NOT_FRESH: FORBIDDEN "login-not-enough", login.not_fresh;
    LOGIN_NO_CONTEXT: FORBIDDEN "login-not-enough", login.no_context;
    LOGIN_OTHER_CONTEXT: FORBIDDEN "login-not-enough", login.other_context;
    LOGIN_CONTEXT_REFUSED: FORBIDDEN "login-not-enough", login.context_refused;

    ROLE_SUSPENDED: FORBIDDEN "role-suspended", role.role_suspended;
    ACCOUNT_SUSPENDED: FORBIDDEN "account-suspended", role.account_suspended;
    CLAIM_UNUSABLE: FORBIDDEN "claim-unusable", role.claim_unusable;
    ISSUER_EXPIRED: SERVICE_UNAVAILABLE "issuer-key-expired", role.issuer_expired;
    ISSUER_WITHOUT_KEY: SERVICE_UNAVAILABLE "issuer-without-key", role.issuer_without_key;
    ISSUER_BROKEN: INTERNAL_SERVER_ERROR "issuer-broken", role.issuer_broken;
    CODE_UNREADABLE: BAD_REQUEST "code-unreadable", role.code_unreadable;
    CODE_REFUSED: FORBIDDEN "code-refused", role.code_refused;
    CODES_TOO_MANY: TOO_MANY_REQUESTS "codes-too-many", role.codes_too_many;
    REASON_NEEDED: CONFLICT "reason-needed", role.reason_needed;
    REASON_UNREADABLE: BAD_REQUEST "reason-unreadable", role.reason_unreadable;
    SESSION_TOO_LARGE: FORBIDDEN "session-too-large", role.session_too_large;

    AWS_REFUSED: FORBIDDEN "aws-refused", aws.refused;
    HUB_REFUSED: FORBIDDEN "hub-refused", aws.hub_refused;
    AWS_BUSY: SERVICE_UNAVAILABLE "aws-busy", aws.busy;
    AWS_UNTRUSTED: BAD_GATEWAY "aws-untrusted", aws.untrusted;
    AWS_UNEXPECTED: BAD_GATEWAY "aws-unexpected", aws.unexpected;
    REGION_DISABLED: FORBIDDEN "region-disabled", aws.region_disabled;

    SENT_TOO_LATE: UNAUTHORIZED "sent-too-late", admin.sent_too_late;
    WRITTEN_TOO_LATE: UNAUTHORIZED "sent-too-late", admin.written_too_late;
    NO_SUCH_REVISION: NOT_FOUND "no-such-revision", admin.no_such_revision;
    GOVERNED: CONFLICT "governed-by-a-file", admin.governed;
    NO_SUCH_DRAFT: NOT_FOUND "no-such-draft", admin.no_such_draft;
    DRAFT_GONE: NOT_FOUND "no-such-draft", admin.draft_gone;
    DRAFT_OVERTAKEN: CONFLICT "draft-overtaken", admin.draft_overtaken;
    DRAFT_NOT_BEGUN: CONFLICT "draft-not-begun", admin.draft_not_begun;
    OVERTAKEN: CONFLICT "overtaken", admin.overtaken;
    NOT_PUBLISHABLE: UNPROCESSABLE_ENTITY "not-publishable", admin.not_publishable;
    NOT_FOLLOWED: SERVICE_UNAVAILABLE "published-not-in-force", admin.not_followed;
    NO_SUCH_ROLE: NOT_FOUND "no-such-role", admin.no_such_role;
    NO_SUCH_PERSON: NOT_FOUND "no-such-person", admin.no_such_person;
    NO_SUCH_SESSION: NOT_FOUND "no-such-session", admin.no_such_session;
    NO_SUCH_STOP: NOT_FOUND "no-such-stop", admin.no_such_stop;
    STOP_REFUSED: UNPROCESSABLE_ENTITY "stop-refused", admin.stop_refused;
    PLAN_TOO_OLD: CONFLICT "plan-too-old", admin.plan_too_old;
    RECORD_NOT_INDEXED: CONFLICT "record-not-indexed", admin.record_not_indexed;
    PROBED_TOO_SOON: TOO_MANY_REQUESTS "probed-too-soon", admin.probed_too_soon;
    PROBES_TOO_MANY: TOO_MANY_REQUESTS "probed-too-soon", admin.probes_too_many;
}
