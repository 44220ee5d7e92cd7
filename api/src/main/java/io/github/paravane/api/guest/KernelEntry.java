package io.github.paravane.api.guest;

/**
 * An entry into a Java guest kernel.
 *
 * @param handler the handler number that was entered, as given to {@link KernelPort#handlerAddress}
 * @param frame linear address of the bounce frame (RSP at entry): RCX first (abi-reference 4.3)
 */
public record KernelEntry(int handler, long frame) {}
