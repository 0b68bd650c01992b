/**
 * Pass types with their certificates and their end, and APNs keys: what this service needs from Apple's portal.
 */
import { useState } from "preact/hooks";
import { isAdmin } from "../access.ts";
import { type PassType, parsePassTypes } from "../admin-answers.ts";
import { useDashboard } from "../context.ts";
import { useDraft } from "../drafts.ts";
import { OFFERED_WORDS } from "../offered-wallets.ts";
import { useListed } from "../use-api.ts";
import { ApnsKeys } from "./apns-keys.tsx";
import { CertificateList } from "./certificates.tsx";
import { EMPTY_PASS_TYPE, NewPassTypeForm } from "./new-pass-type.tsx";
import { Badge, ItemList, PageHeading } from "./parts.tsx";
import { PassTypeActions } from "./pass-type-actions.tsx";

export function PassTypesView() {
  const { me } = useDashboard();
  const list = useListed("/pass-types", parsePassTypes);
  const replace = (changed: PassType) =>
    list.edit((items) =>
      items.map((item) => (item.passTypeIdentifier === changed.passTypeIdentifier ? changed : item)),
    );
  const remove = (deleted: string) =>
    list.edit((items) => items.filter(({ passTypeIdentifier }) => passTypeIdentifier !== deleted));
  return (
    <>
      <PageHeading title="Pass types" />
      <ItemList
        label="Pass types"
        list={list}
        keyOf={({ passTypeIdentifier }) => passTypeIdentifier}
        row={(passType) => (
          <>
            <PassTypeFacts passType={passType} />
            {isAdmin(me) && (
              <PassTypeActions
                passType={passType}
                onChanged={replace}
                onDeleted={() => remove(passType.passTypeIdentifier)}
              />
            )}
          </>
        )}
        empty={
          <p>
            There is no pass type. Passes need one: register its identifier in Apple's portal, and add it
            here.
          </p>
        }
      />
      {/* What is below a list comes when its height is known, so that nothing moves. */}
      {list.status !== "first" && (
        <>
          {isAdmin(me) && <NewPassType onMade={(made) => list.edit((items) => [...items, made])} />}
          <ApnsKeys />
        </>
      )}
    </>
  );
}

function PassTypeFacts({ passType }: { readonly passType: PassType }) {
  const { me } = useDashboard();
  const { passTypeIdentifier, teamIdentifier, certificates, wallets } = passType;
  return (
    <>
      <h2>{passTypeIdentifier}</h2>
      <p class="hint">
        {teamIdentifier === null ? "The team is known with the first certificate." : `Team ${teamIdentifier}`}
        {!isAdmin(me) && ` · ${OFFERED_WORDS[wallets]}`}
      </p>
      {certificates.length === 0 && wallets === "google" ? (
        <p class="hint">Google Wallet needs no certificate.</p>
      ) : certificates.length === 0 ? (
        <p>
          <Badge tone="warning">No certificate</Badge> Download the signing request, upload it in Apple's
          portal, and install here what the portal gives you.
        </p>
      ) : (
        <CertificateList certificates={certificates} />
      )}
    </>
  );
}

function NewPassType({ onMade }: { readonly onMade: (passType: PassType) => void }) {
  const { fields } = useDraft("new-pass-type", EMPTY_PASS_TYPE);
  // Only the first value counts: an emptied field must not close what a person has opened.
  const [isOpen] = useState(fields.passTypeIdentifier !== "");
  return (
    <details open={isOpen}>
      <summary>New pass type</summary>
      <NewPassTypeForm onMade={onMade} />
    </details>
  );
}
