//! A role that opens only with the code of an MFA device, and the device.

use serde_json::json;
use vestibule_sandbox::aws::iam::Role;
use vestibule_sandbox::aws::mfa::MfaDevice;
use vestibule_sandbox::aws::policy::Policy;

use super::World;
use super::accounts::{DEV, HUB, MODEL};

/// The device of the IAM user in the hub account.
pub const SERIAL: &str = "arn:aws:iam::999900001111:mfa/vestibule";
/// The role's link.
pub const LINK: &str = "/go/payments-dev/Coded";

/// The usual model with the role.
pub fn model(credentials: &str) -> String {
    format!(
        "{MODEL}\n[[roles]]\naccount = \"payments-dev\"\nname = \"Coded\"\nmethod = \"AssumeRole\"\n\
         credentials = \"{credentials}\"\nmfa_serial = \"{SERIAL}\"\n"
    )
}

/// Gives the IAM user the device, and puts the role into its account.
pub fn put(world: &World) -> MfaDevice {
    let device = MfaDevice::new(SERIAL, b"12345678901234567890");
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{HUB}:user/vestibule") },
            "Action": "sts:AssumeRole",
            "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } },
        }],
    });
    let mut iam = world.sandbox.simulation().iam.write();
    let hub = iam.account_mut(HUB).unwrap();
    hub.users.get_mut("vestibule").unwrap().mfa = Some(device.clone());
    let role = Role::new("Coded", Policy::trust(&trust.to_string()).unwrap());
    let dev = iam.account_mut(DEV).unwrap();
    dev.put_role(role.with_max_session_duration(43_200));
    device
}
