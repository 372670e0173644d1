// Another author's verifier for our Open Badges: reads {credential, documents} on stdin and writes
// what it found. Nothing is fetched: contexts and the status list come in `documents`.

import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
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
const statuses = done.statusResult?.results ?? [];
console.log(JSON.stringify({
  verified: done.verified,
  withdrawn: statuses.some((one) => one.status !== false),
  checked: statuses.length,
  error: done.error ? String(done.error.errors?.map(String) ?? done.error) : '',
  status_error: done.statusResult?.error ? String(done.statusResult.error) : '',
}));

