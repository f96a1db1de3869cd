//! Every class of redirect trick that is known, over several attacker and console hosts.

use super::LONGEST;

const ATTACKERS: &str = "evil.example evil.example:443 127.0.0.1 [::1] 169.254.169.254 2130706433";
const CONSOLES: &str = "console.aws.amazon.com eu-west-1.console.aws.amazon.com";

/// `G` stands for a console, `E` for the attacker.
const SHAPES: &str = "\
    https://E¦https://E/G¦https://E/?G¦https://E#G¦https://G@E/¦https://G:x@E/¦https://G%40E/¦\
    https://G\\@E/¦https://E\\.G/¦https://E\\G¦https:\\\\E¦https:\\\\G@E¦https:/\\G@E¦\
    https://E%2f.G/¦https://E%23.G/¦https://E%3f.G/¦https://E%5c.G/¦https://E%00.G/¦https://G.E/¦\
    https://GE/¦https://G%2eE/¦https://E;G/¦https://E&G/¦https://E,G/¦//E/G¦///E/G¦////E¦/\\E¦\\\\E¦\
    https:E¦https:/E¦https:///E¦https:////E/G¦https:G@E¦http://E/G¦http://G¦ftp://G/¦wss://G/¦\
    HTTPS://G/¦hTTps://G@E¦javascript:alert(1)//G¦javascript://G/%0aalert(1)¦data:text/html,G¦\
    vbscript:G¦file://G/etc/passwd¦blob:https://G/¦view-source:https://G/¦about:blank#G¦ https://G/¦\
    \thttps://G/¦\nhttps://G/¦\u{0}https://G/¦ht\ntps://G/¦https://\tG/¦https://G\t/¦https://G\n.E/¦\
    https://G\r\n/¦https://G/\r\nLocation: https://E¦https://G/\u{0}¦https://G/\t¦https://G\u{7f}/¦\
    https://G\u{85}/¦https://G\u{200b}/¦https://\u{feff}G/¦https://G\u{202e}/¦https://G/\u{202e}¦\
    https://user@G/¦https://user:pass@G/¦https://@G/¦https://:@G/¦https://G:443/¦https://G:80/¦\
    https://G:/¦https://G:0/¦https://G:8443/¦https://G:443@E/¦https://G./¦https://G../¦https://.G/¦\
    https://..G/¦https://xG/¦https://x-G/¦https://evilG/¦https://G\\/¦https://G/\\¦https://G/\\\\E¦\
    https://a b.G/¦https://G /¦https://%67.G/¦https://*.G/¦https://_.G/¦https://x.y.G/¦https://E.G/¦\
    https://x.G/¦https://\u{ff47}.G/¦https://G\u{3002}E/¦https://G\u{2044}@E/¦https://G\u{ff0f}@E/¦\
    https://G\u{2215}x.E/¦https://G\u{ff03}.E/¦https://G\u{ff1a}1@E¦https://xn--80ak6aa92e.G/¦\
    https://[G]/¦https://¦https:¦https¦¦/¦//¦G¦G/¦?G¦#G¦https://https://G/¦https:https://G/¦\
    https://G%¦https://G%zz/¦https://G%252f@E¦https://E%252f.G";

/// Hosts that look like a console of the commercial partition.
const LOOKALIKES: &str = "\
    c\u{43e}nsole.aws.amazon.com¦console.aws.am\u{430}zon.com¦console.aws.amazon.c\u{3bf}m¦\
    console.aws.amazon.\u{441}om¦console\u{ff0e}aws.amazon.com¦console.aws.amazon.com\u{3002}¦\
    \u{24d2}onsole.aws.amazon.com¦console.aws.amaz\u{f6}n.com¦console.aws.amazon.co¦\
    console.aws.amazon.com.¦console.aws.amazon.comm¦console.aws.amazon.com.evil.example¦\
    console-aws.amazon.com¦consoleaws.amazon.com¦aws.amazon.com¦amazon.com¦signin.aws.amazon.com¦\
    eu-west-1.signin.aws.amazon.com¦console.amazonaws.cn¦console.amazonaws-us-gov.com¦\
    console.amazonaws-eusc.eu¦cn-north-1.console.aws.amazon.com¦\
    us-gov-west-1.console.aws.amazon.com¦eu-west-.console.aws.amazon.com¦\
    eu--1.console.aws.amazon.com¦eu-west-1.eu-west-1.console.aws.amazon.com¦\
    eu_west_1.console.aws.amazon.com¦console.awsxamazon.com¦xconsole.aws.amazon.com¦\
    eu-west-1console.aws.amazon.com¦eu-west-1-console.aws.amazon.com¦\
    console.aws.amazon.com-evil.example¦docs.aws.amazon.com¦s3.amazonaws.com¦evil.s3.amazonaws.com¦\
    d111111abcdef8.cloudfront.net¦111122223333.console.aws.amazon.com¦oss.console.aws.amazon.com";

/// The corpus.
pub(super) fn texts() -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for console in CONSOLES.split(' ') {
        for attacker in ATTACKERS.split(' ') {
            let filled = |shape: &str| shape.replace('G', console).replace('E', attacker);
            texts.extend(SHAPES.split('¦').map(filled));
        }
    }
    let page = |host: &str| format!("https://{host}/home?region=eu-west-1");
    texts.extend(LOOKALIKES.split('¦').map(page));
    texts.push(format!(
        "https://console.aws.amazon.com/{}",
        "a".repeat(LONGEST)
    ));
    texts.push(format!(
        "https://console.aws.amazon.com/{}",
        "\u{e9}".repeat(700)
    ));
    texts
}
