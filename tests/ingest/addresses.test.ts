import { describe, expect, test } from '@jest/globals';
import { isPublicAddress } from '../../src/ingest/poll/addresses.ts';

describe('a public address is', () => {
  test.each([
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '[2606:4700:4700::1111]',
  ])('%s', (address) => expect(isPublicAddress(address)).toBe(true));
});

describe('none is', () => {
  test.each([
    ['loopback', '127.0.0.1'],
    ['all of loopback', '127.8.8.8'],
    ['loopback in IPv6', '::1'],
    ['loopback in an IPv6 coat', '::ffff:127.0.0.1'],
    ['the same in hex', '::ffff:7f00:1'],
    ['the same by translation', '::ffff:0:127.0.0.1'],
    ['the same by NAT64', '64:ff9b::7f00:1'],
    ['the same in the oldest way', '::127.0.0.1'],
    ['in brackets', '[::1]'],
    ['private', '10.1.2.3'],
    ['private', '172.16.0.1'],
    ['private', '192.168.1.1'],
    ['private in IPv6', 'fd12:3456::1'],
    ['link-local', '169.254.1.1'],
    ['link-local in IPv6', 'fe80::1'],
    ['with a zone', 'fe80::1%eth0'],
    ['cloud metadata', '169.254.169.254'],
    ['cloud metadata in IPv6', 'fd00:ec2::254'],
    ['cloud metadata in shared space', '100.100.100.200'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['multicast', '224.0.0.1'],
    ['multicast in IPv6', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '0.0.0.0'],
    ['unspecified in IPv6', '::'],
    ['6to4', '2002:7f00:1::'],
    ['a name', 'localhost'],
    ['nothing', ''],
  ])('%s: %s', (_what, address) => expect(isPublicAddress(address)).toBe(false));
});
