package io.postern.wire;

import java.security.cert.X509Certificate;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Accepts any certificate, as a client of a server whose certificate was made for the test. */
public final class TrustsAll implements X509TrustManager {
  private TrustsAll() {}

  /** What a client's context is initialized with. */
  public static TrustManager[] managers() {
    return new TrustManager[] {new TrustsAll()};
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {}

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
