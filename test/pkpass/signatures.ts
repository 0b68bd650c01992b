/**
 * Signatures over a manifest as other tools make them, right or wrong: any digest, with or without a signing time, with
 * these certificates inside and no others.
 *
 * Follows RFC 5652. No code of src/ is in it.
 */
import {
  Attribute,
  CertificateChoices,
  CertificateSet,
  CMSVersion,
  ContentInfo,
  DigestAlgorithmIdentifiers,
  EncapsulatedContent,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  id_contentType,
  id_data,
  id_messageDigest,
  id_signedData,
  id_signingTime,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
} from "@peculiar/asn1-cms";
import {
  AsnConvert,
  AsnObjectIdentifierConverter,
  AsnUTCTimeConverter,
  OctetString,
} from "@peculiar/asn1-schema";
import { AlgorithmIdentifier, Certificate, SubjectKeyIdentifier } from "@peculiar/asn1-x509";

const DIGESTS = {
  "SHA-1": "1.3.14.3.2.26",
  "SHA-256": "2.16.840.1.101.3.4.2.1",
  "SHA-512": "2.16.840.1.101.3.4.2.3",
} as const;
const RSA_ENCRYPTION = "1.2.840.113549.1.1.1";

export interface Signing {
  /** RSA, for signing with this digest. */
  readonly privateKey: CryptoKey;
  /** DER: the signer's. */
  readonly certificate: Uint8Array;
  /** DER: all that go into the signature. */
  readonly certificates: readonly Uint8Array[];
  readonly digest: keyof typeof DIGESTS;
  /** Undefined: without a signing time. */
  readonly signingTime: number | undefined;
  /** Object identifier of another signature algorithm than the one that is used. */
  readonly named?: string;
  /** What is digested instead of the manifest. */
  readonly covered?: Uint8Array;
  readonly attached?: boolean;
  /** The signer is named by its key, not by issuer and serial number. */
  readonly byKey?: boolean;
  readonly withoutAttributes?: boolean;
}

export async function signatureOver(manifest: Uint8Array, signing: Signing): Promise<Uint8Array> {
  const covered = Uint8Array.from(signing.covered ?? manifest);
  const signedAttrs = await attributesOf(covered, signing);
  const digestAlgorithm = new AlgorithmIdentifier({ algorithm: DIGESTS[signing.digest] });
  const info = new SignerInfo({
    version: CMSVersion.v1,
    sid: identifierOf(signing),
    digestAlgorithm,
    ...(signing.withoutAttributes === true ? {} : { signedAttrs }),
    signatureAlgorithm: new AlgorithmIdentifier({
      algorithm: signing.named ?? RSA_ENCRYPTION,
      parameters: null,
    }),
    signature: new OctetString(
      await signatureValue(signing.withoutAttributes === true ? covered : setOf(signedAttrs), signing),
    ),
  });
  const signed = new SignedData({
    version: CMSVersion.v1,
    digestAlgorithms: new DigestAlgorithmIdentifiers([digestAlgorithm]),
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: id_data,
      ...(signing.attached === true
        ? { eContent: new EncapsulatedContent({ single: new OctetString(manifest) }) }
        : {}),
    }),
    certificates: new CertificateSet(
      signing.certificates.map(
        (der) => new CertificateChoices({ certificate: AsnConvert.parse(der, Certificate) }),
      ),
    ),
    signerInfos: new SignerInfos([info]),
  });
  const content = AsnConvert.serialize(signed);
  return new Uint8Array(AsnConvert.serialize(new ContentInfo({ contentType: id_signedData, content })));
}

function identifierOf({ certificate, byKey }: Signing): SignerIdentifier {
  const { tbsCertificate } = AsnConvert.parse(certificate, Certificate);
  if (byKey !== true)
    return new SignerIdentifier({ issuerAndSerialNumber: new IssuerAndSerialNumber(tbsCertificate) });
  const extension = tbsCertificate.extensions?.find(({ extnID }) => extnID === "2.5.29.14");
  if (extension === undefined) throw new Error("The certificate names no key");
  const subjectKeyIdentifier = AsnConvert.parse(extension.extnValue, SubjectKeyIdentifier);
  return new SignerIdentifier({ subjectKeyIdentifier });
}

async function attributesOf(covered: Uint8Array<ArrayBuffer>, { digest, signingTime }: Signing) {
  const hash = await crypto.subtle.digest(digest, covered);
  const attribute = (attrType: string, value: ArrayBuffer) =>
    new Attribute({ attrType, attrValues: [value] });
  return [
    attribute(id_contentType, AsnObjectIdentifierConverter.toASN(id_data).toBER()),
    ...(signingTime === undefined
      ? []
      : [attribute(id_signingTime, AsnUTCTimeConverter.toASN(new Date(signingTime)).toBER())]),
    attribute(id_messageDigest, AsnConvert.serialize(new OctetString(hash))),
  ];
}

/** The attributes in their order, as a SET OF (RFC 5652 §5.4). */
function setOf(attributes: readonly Attribute[]): Uint8Array<ArrayBuffer> {
  const encoded = attributes.flatMap((attribute) => [...new Uint8Array(AsnConvert.serialize(attribute))]);
  const length = encoded.length < 128 ? [encoded.length] : [0x81, encoded.length];
  return Uint8Array.from([0x31, ...length, ...encoded]);
}

async function signatureValue(
  covered: Uint8Array<ArrayBuffer>,
  { privateKey, digest }: Signing,
): Promise<ArrayBuffer> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: digest };
  const pkcs8 = (await crypto.subtle.exportKey("pkcs8", privateKey)) as ArrayBuffer;
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  return crypto.subtle.sign(algorithm, key, covered);
}
