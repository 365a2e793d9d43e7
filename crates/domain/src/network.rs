//! Networks of proxies, and the address that a request really came from.

use std::{fmt, net::IpAddr, str::FromStr};

/// An address or a network, such as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// A text that is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be addresses or networks such as 10.0.0.0/8, separated by commas")]
pub struct NoNetwork;

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let text = text.trim();
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| NoNetwork)?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(longest), |prefix| prefix.parse().map_err(|_| NoNetwork))?;
        if prefix > longest { Err(NoNetwork) } else { Ok(Self { address, prefix }) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.address, self.prefix)
    }
}

impl Network {
    /// Reads several, separated by commas; blank is none.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, NoNetwork> {
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::parse).collect()
    }

    /// Whether an address belongs to it.
    pub fn contains(&self, address: IpAddr) -> bool {
        let bits = |address: IpAddr| match address.to_canonical() {
            IpAddr::V4(v4) => (u128::from(u32::from(v4)) << 96, true),
            IpAddr::V6(v6) => (u128::from(v6), false),
        };
        let ((own, own_is_v4), (other, other_is_v4)) = (bits(self.address), bits(address));
        own_is_v4 == other_is_v4 && (self.prefix == 0 || (own ^ other) >> (128 - u32::from(self.prefix)) == 0)
    }
}

/// Where a request came from: the peer, or, as far as trusted proxies say, the last address of
/// `X-Forwarded-For` that is none of theirs. Whatever stands before it anybody could have written.
pub fn client_address(peer: IpAddr, forwarded: &str, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut address = peer.to_canonical();
    for hop in forwarded.rsplit(',').map(str::trim) {
        if !is_trusted(address) {
            return address;
        }
        match hop.parse::<IpAddr>() {
            Ok(hop) => address = hop.to_canonical(),
            Err(_) => return address,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn networks() {
        let within = |network: &str, one: &str| network.parse::<Network>().unwrap().contains(address(one));
        assert!(within("10.0.0.0/8", "10.200.3.4") && !within("10.0.0.0/8", "11.0.0.1"));
        assert!(within("192.0.2.7", "192.0.2.7") && !within("192.0.2.7", "192.0.2.8"));
        assert!(within("192.0.2.7", "::ffff:192.0.2.7") && within("2001:db8::/32", "2001:db8:1::5"));
        assert!(within("0.0.0.0/0", "203.0.113.9") && !within("0.0.0.0/0", "2001:db8::1"));
        for bad in ["10.0.0.0/33", "ten", "10.0.0.0/", "10.0.0/8"] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
        assert_eq!(Network::parse_list(" 10.0.0.0/8, ,127.0.0.1").unwrap().len(), 2);
    }

    #[test]
    fn only_what_trusted_proxies_say_is_believed() {
        let trusted = Network::parse_list("10.0.0.0/8, 127.0.0.1").unwrap();
        let from = |peer: &str, forwarded: &str| client_address(address(peer), forwarded, &trusted).to_string();
        assert_eq!(from("203.0.113.9", "198.51.100.1"), "203.0.113.9", "an untrusted peer speaks for itself only");
        assert_eq!(from("127.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(from("127.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.1.1"), "198.51.100.1");
        assert_eq!(from("127.0.0.1", "unknown"), "127.0.0.1");
        assert_eq!(from("127.0.0.1", ""), "127.0.0.1");
        assert_eq!(client_address(address("127.0.0.1"), "198.51.100.1", &[]).to_string(), "127.0.0.1");
    }
}
