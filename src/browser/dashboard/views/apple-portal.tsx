/**
 * What to do in Apple's portal, in numbered sentences: for a certificate, and for an APNs key. The names are those of the portal.
 */

export function CertificateInPortal({ passTypeIdentifier }: { readonly passTypeIdentifier: string }) {
  return (
    <ol class="portal-steps">
      <li>
        Open Apple's portal, and sign in. You need a paid membership, and the role Account Holder or Admin in
        the team. <PortalLink path="" />
      </li>
      <li>Under “Certificates, Identifiers & Profiles”, choose “Identifiers”.</li>
      <li>
        If your identifier is not there yet: press +, choose “Pass Type IDs”, and register{" "}
        <strong class="long">{passTypeIdentifier}</strong> with a description.
      </li>
      <li>Choose “Pass Type IDs” in the menu above the list, and open the identifier.</li>
      <li>Press “Create Certificate”.</li>
      <li>Choose the signing request that you downloaded here, and press “Continue”.</li>
      <li>Press “Download”. The file has the name pass.cer.</li>
    </ol>
  );
}

export function KeyInPortal({ team }: { readonly team: string }) {
  return (
    <ol class="portal-steps">
      <li>
        Open Apple's portal, and choose the team {team}. <PortalLink path="/resources/authkeys/list" />
      </li>
      <li>Under “Keys”, press +, and give the key a name.</li>
      <li>Choose “Apple Push Notifications service (APNs)”.</li>
      <li>
        Press “Configure” next to it: the environment has to include “Production”, and the key has to be
        team-scoped.
      </li>
      <li>Press “Save”, “Continue” and “Register”.</li>
      <li>
        Press “Download”. The file has the name AuthKey_….p8. Apple gives it once, so keep a copy in a safe
        place.
      </li>
    </ol>
  );
}

/** @param path after the account */
function PortalLink({ path }: { readonly path: string }) {
  return (
    <a class="text-link" href={`https://developer.apple.com/account${path}`} target="_blank" rel="noreferrer">
      developer.apple.com
    </a>
  );
}
