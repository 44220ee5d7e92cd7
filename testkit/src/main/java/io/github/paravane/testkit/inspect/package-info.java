/**
 * What a kernel engineer asks of a stopped guest, in the words of Solaris' MDB and DTrace: how an address is mapped, what an
 * address is, which threads there are, who maps a page, which functions were entered with what.
 *
 * <p>{@link io.github.paravane.testkit.inspect.Inspector} answers with values and reads machine memory only, so it works
 * on any domain between two runs; {@link io.github.paravane.testkit.inspect.Mdb} takes the commands as text and answers in
 * MDB's forms of 2007; {@link io.github.paravane.testkit.inspect.ProbeScript} is a function-entry probe with a predicate.
 */
@NullMarked
package io.github.paravane.testkit.inspect;

import org.jspecify.annotations.NullMarked;
