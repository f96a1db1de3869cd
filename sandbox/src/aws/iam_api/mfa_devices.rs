//! Virtual MFA devices: made with a seed, then given to a user by two codes in a row.
//!
//! A user has one device here; a device belongs to one user.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::call::{Answered, Call};
use super::shape::{CODE, DEVICE_NAME, PATH, SERIAL, USER_NAME};
use super::users;
use crate::aws::identity::timestamp;
use crate::aws::mfa::MfaDevice;
use crate::aws::query::{Element, QueryError};

pub(super) fn create(call: &mut Call<'_>) -> Answered {
    let path = call.shape.optional("Path", &PATH);
    let path = path.unwrap_or_else(|| "/".to_owned());
    let name = call.shape.required("VirtualMFADeviceName", &DEVICE_NAME);
    let serial = call.arn(&format!("mfa{path}{name}"));
    call.permit(&serial)?;
    let mut seed = [0; 40];
    call.simulation.random.fill(&mut seed);
    let device = MfaDevice::new(&serial, &seed);
    call.edit(|account| {
        let given = account.users.values().filter_map(|user| user.mfa.as_ref());
        let mut given = given.map(|device| &device.serial);
        if account.mfa_devices.contains_key(&serial) || given.any(|other| *other == serial) {
            return Err(QueryError::exists(
                "MFADevice entity at the same path and name already exists.",
            ));
        }
        let parts = vec![
            Element::text("SerialNumber", serial.as_str()),
            Element::text("Base32StringSeed", STANDARD.encode(device.base32_seed())),
        ];
        account.mfa_devices.insert(serial, device);
        Ok(vec![Element::Group("VirtualMFADevice", parts)])
    })
}

pub(super) fn enable(call: &mut Call<'_>) -> Answered {
    let name = call.shape.required("UserName", &USER_NAME);
    let serial = call.shape.required("SerialNumber", &SERIAL);
    let first = call.shape.required("AuthenticationCode1", &CODE);
    let second = call.shape.required("AuthenticationCode2", &CODE);
    call.permit(&users::arn(call, &name)?)?;
    let now = call.now().timestamp();
    call.edit(|account| {
        let user = account.users.get(&name);
        let user = user.ok_or_else(|| users::unknown(&name))?;
        if user.mfa.is_some() {
            return Err(QueryError::limit("MFADevicesPerUser", 1));
        }
        let device = account.mfa_devices.get_mut(&serial);
        let device = device.ok_or_else(|| unknown(&serial))?;
        if !device.redeem_pair((&first, &second), now) {
            return Err(QueryError::invalid_code());
        }
        let device = account.mfa_devices.remove(&serial);
        if let Some(user) = account.users.get_mut(&name) {
            user.mfa = device;
        }
        Ok(Vec::new())
    })
}

pub(super) fn deactivate(call: &mut Call<'_>) -> Answered {
    let serial = call.shape.required("SerialNumber", &SERIAL);
    let name = users::named_or_own(call)?;
    call.edit(|account| {
        let user = account.users.get_mut(&name);
        let user = user.ok_or_else(|| users::unknown(&name))?;
        let device = user.mfa.take_if(|device| device.serial == serial);
        let device = device.ok_or_else(|| unknown(&serial))?;
        account.mfa_devices.insert(serial, device);
        Ok(Vec::new())
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Answered {
    let paging = call.paging()?;
    let name = users::named_or_own(call)?;
    call.read(|account| {
        let user = account.users.get(&name);
        let user = user.ok_or_else(|| users::unknown(&name))?;
        let devices = user.mfa.iter().map(|device| {
            let parts = vec![
                Element::text("UserName", name.as_str()),
                Element::text("SerialNumber", device.serial.as_str()),
                Element::text("EnableDate", timestamp(user.created)),
            ];
            (device.serial.clone(), Element::Group("member", parts))
        });
        Ok(paging.cut("MFADevices", devices))
    })
}

fn unknown(serial: &str) -> QueryError {
    QueryError::missing(format!(
        "VirtualMFADevice with serial number {serial} doesn't exist."
    ))
}
