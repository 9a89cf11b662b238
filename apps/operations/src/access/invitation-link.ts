/** Behind `#`, so that the secret is never part of a request, and stands in no log on the way. */
export const invitationLink = (origin: string, invitation: string): string => `${origin}/invitation#${invitation}`
