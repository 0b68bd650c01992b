/**
 * What to do at Google, in numbered sentences: an issuer account, and a service account that may act for it. The names are those of
 * Google's two consoles.
 */

export function StepsAtGoogle() {
  return (
    <ol class="portal-steps">
      <li>
        Open the Google Pay & Wallet Console, sign in, and create an issuer account for the Google Wallet API.
        Note its issuer ID: a number with about 19 digits.{" "}
        <ConsoleLink href="https://pay.google.com/business/console">Google Pay & Wallet Console</ConsoleLink>
      </li>
      <li>
        Open the Google Cloud Console, and create a project, or choose one.{" "}
        <ConsoleLink href="https://console.cloud.google.com">Google Cloud Console</ConsoleLink>
      </li>
      <li>Under “APIs & Services”, choose “Library”, find “Google Wallet API”, and press “Enable”.</li>
      <li>
        Under “IAM & Admin”, choose “Service accounts”, and press “Create service account”. It needs a name,
        and no role.
      </li>
      <li>
        Open the service account, choose “Keys”, “Add key” and “Create new key”, and then the type JSON. Your
        browser downloads the file. Google gives it once, so keep a copy in a safe place.
      </li>
      <li>
        Back in the Google Pay & Wallet Console, choose “Users”, and invite the e-mail address of the service
        account as a developer. It ends with <span class="long">.iam.gserviceaccount.com</span>.
      </li>
      <li>Enter the issuer ID here, drop the file, and check the issuer.</li>
    </ol>
  );
}

/** The check cannot find out whether an issuer is in demo mode. */
export function DemoModeAtGoogle() {
  return (
    <p>
      A new issuer is in demo mode: only its users and test accounts can save passes, and Google writes “[TEST
      ONLY]” in their titles. Try your passes, and then ask for publishing access in the Google Pay & Wallet
      Console. Until Google grants it, customers cannot save them.
    </p>
  );
}

interface ConsoleLinkProps {
  readonly href: string;
  readonly children: string;
}

function ConsoleLink({ href, children }: ConsoleLinkProps) {
  return (
    <a class="text-link" href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
