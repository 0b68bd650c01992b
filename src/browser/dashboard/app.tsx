/**
 * The dashboard: the sign-in, or the navigation and one page.
 */
import type { ComponentType } from "preact";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { useHeadingFocus } from "../heading-focus.ts";
import type { Me } from "../me.ts";
import { mayOpen, PAGES, type PageName, pageShown, pagesFor } from "./access.ts";
import type { AdminApi } from "./admin-api.ts";
import { DashboardContext } from "./context.ts";
import { NewTemplateView, TemplateView } from "./editor/editor-page.tsx";
import { type Route, readRoute, viewOfRoute } from "./route.ts";
import type { Session } from "./session.ts";
import { useSession } from "./use-session.ts";
import { EventView } from "./views/event.tsx";
import { EventsView } from "./views/events.tsx";
import { GoogleWalletView } from "./views/google-wallet.tsx";
import { KeysView } from "./views/keys.tsx";
import { Layout } from "./views/layout.tsx";
import { MessageView } from "./views/message.tsx";
import { NewKeyView } from "./views/new-key.tsx";
import { NewPassView } from "./views/new-pass.tsx";
import { Overview } from "./views/overview.tsx";
import { PassView } from "./views/pass.tsx";
import { PassTypesView } from "./views/pass-types.tsx";
import { PassesView } from "./views/passes.tsx";
import { PhoneLogs } from "./views/phone-logs.tsx";
import { Posters } from "./views/posters.tsx";
import { PushesView } from "./views/pushes.tsx";
import { ScansView } from "./views/scans.tsx";
import { SetUpView } from "./views/set-up.tsx";
import { KeyCannotReach, NoSuchPage, SignInPage, WaitingForService } from "./views/start-pages.tsx";
import { TemplatesView } from "./views/templates.tsx";

const VIEWS: Readonly<Record<PageName, ComponentType<{ readonly query: Route["query"] }>>> = {
  overview: Overview,
  "set-up": SetUpView,
  templates: TemplatesView,
  "new-template": NewTemplateView,
  template: TemplateView,
  message: MessageView,
  "new-pass": NewPassView,
  events: EventsView,
  event: EventView,
  passes: PassesView,
  pass: PassView,
  scans: ScansView,
  posters: Posters,
  keys: KeysView,
  "new-key": NewKeyView,
  "pass-types": PassTypesView,
  "google-wallet": GoogleWalletView,
  pushes: PushesView,
  "phone-logs": PhoneLogs,
};
const MESSAGE_MS = 8000;
/** A message that was said so shortly before a page changed is about the step that led to the new page. */
const STEP_MS = 1000;

export function DashboardApp() {
  const { session, api, signIn, signOut, retry } = useSession();
  const route = useRoute();
  const element = useHeadingFocus(session.kind === "signed_in" ? `in ${viewOfRoute(route)}` : session.kind);
  const title = titleOf(session, route);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div ref={element}>
      {session.kind === "signed_in" && api !== undefined ? (
        <SignedIn api={api} me={session.me} route={route} onSignOut={signOut} />
      ) : session.kind === "signed_out" ? (
        <SignInPage reason={session.reason} onSignIn={signIn} />
      ) : (
        <WaitingForService
          detail={session.kind === "unreachable" ? session.detail : null}
          onRetry={retry}
          onSignOut={signOut}
        />
      )}
    </div>
  );
}

interface SignedInProps {
  readonly api: AdminApi;
  readonly me: Me;
  readonly route: Route;
  readonly onSignOut: () => void;
}

function SignedIn({ api, me, route, onSignOut }: SignedInProps) {
  const [message, say] = useMessage(viewOfRoute(route));
  const dashboard = useMemo(() => ({ api, me, say }), [api, me, say]);
  const [home] = pagesFor(me);
  const page = pageShown(route.page, me);
  if (home === undefined) return <KeyCannotReach me={me} onSignOut={onSignOut} />;
  const View = page !== undefined && mayOpen(page, me) ? VIEWS[page] : undefined;
  return (
    <DashboardContext.Provider value={dashboard}>
      <Layout me={me} page={page} onSignOut={onSignOut} message={message}>
        {View === undefined ? (
          <NoSuchPage isKnown={page !== undefined} />
        ) : (
          <View key={page} query={route.query} />
        )}
      </Layout>
    </DashboardContext.Provider>
  );
}

function titleOf(session: Session, route: Route): string {
  if (session.kind !== "signed_in") return "Edgepass";
  const page = pageShown(route.page, session.me);
  return page !== undefined && mayOpen(page, session.me) ? `${PAGES[page].title} · Edgepass` : "Edgepass";
}

function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const onChange = () => setHash(location.hash);
    addEventListener("hashchange", onChange);
    return () => removeEventListener("hashchange", onChange);
  }, []);
  return useMemo(() => readRoute(hash), [hash]);
}

/**
 * A message that disappears by itself, and with the page that it is about. The page also shows what it says.
 * @param view that is shown
 */
function useMessage(view: string): readonly [string, (text: string) => void] {
  const [{ text, at }, setMessage] = useState({ text: "", at: 0 });
  useEffect(() => {
    if (text === "") return;
    const timer = setTimeout(() => setMessage({ text: "", at: 0 }), MESSAGE_MS);
    return () => clearTimeout(timer);
  }, [text, at]);
  useEffect(() => {
    setMessage((last) => (last.text === "" || Date.now() - last.at < STEP_MS ? last : { text: "", at: 0 }));
  }, [view]);
  return [text, useCallback((said: string) => setMessage({ text: said, at: Date.now() }), [])];
}
