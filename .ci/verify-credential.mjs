// Another author's verifier for our Open Badges: reads {credential, documents} on stdin and writes
// what it found. Nothing is fetched: contexts and the status list come in `documents`.

import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {readFileSync} from 'node:fs';

const {credential, documents} = JSON.parse(readFileSync(0, 'utf8'));

function didKey(url) {
  const [did, fragment] = url.split('#');
  const key = did.slice('did:key:'.length);
  const method = {
    '@context': 'https://w3id.org/security/multikey/v1',
    id: `${did}#${key}`, type: 'Multikey', controller: did, publicKeyMultibase: key,
  };
  return fragment ? method : {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did, verificationMethod: [method], assertionMethod: [method.id],
  };
}

async function documentLoader(url) {
  const document = url.startsWith('did:key:') ? didKey(url) : documents[url];
  if (!document) throw new Error(`not given: ${url}`);
  return {contextUrl: null, documentUrl: url, document};
}

const suite = new DataIntegrityProof({cryptosuite});
const done = await vc.verifyCredential({
  credential, suite, documentLoader,
  checkStatus: (options) => checkStatus({...options, verifyBitstringStatusListCredential: true}),
});
const behind = [];
for (const jwt of credential.endorsementJwt ?? []) {
  const [header, claims, signature] = jwt.split('.');
  const {alg, kid} = JSON.parse(Buffer.from(header, 'base64url'));
  const told = JSON.parse(Buffer.from(claims, 'base64url'));
  const key = await Ed25519Multikey.from(didKey(kid));
  const signed = await key.verifier().verify({
    data: Buffer.from(`${header}.${claims}`), signature: Buffer.from(signature, 'base64url'),
  });
  const now = Date.now();
  behind.push({
    verified: signed && alg === 'EdDSA' && kid.split('#')[0] === told.issuer.id
      && told.type.includes('EndorsementCredential')
      && told.issuer.id !== credential.issuer.id
      && told.credentialSubject.id === credential.id
      && Date.parse(told.validFrom) <= now && now < Date.parse(told.validUntil),
    issuer: told.issuer.id,
    words: told.credentialSubject.endorsementComment,
  });
}
const statuses = done.statusResult?.results ?? [];
console.log(JSON.stringify({
  verified: done.verified,
  withdrawn: statuses.some((one) => one.status !== false),
  checked: statuses.length,
  behind,
  error: done.error ? String(done.error.errors?.map(String) ?? done.error) : '',
  status_error: done.statusResult?.error ? String(done.statusResult.error) : '',
}));

